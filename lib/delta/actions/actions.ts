/** The actions of the Delta log, as the protocol names them. Unknown actions and fields are ignored. */

/** Rows of a data file that are no longer part of the table. */
export interface DeletionVector {
  /** "u": a file named by UUID, "p": a file named by an absolute path, "i": inline. */
  readonly storageType: string;
  /** The name of the file, in the form that `storageType` says, or the vector itself in Z85. */
  readonly pathOrInlineDv: string;
  /** Where it begins in its file. */
  readonly offset?: number;
  /** Of the vector, without its length and its checksum. */
  readonly sizeInBytes: number;
  /** How many rows. */
  readonly cardinality: number;
}

/** A data file that is part of the table. */
export interface Add {
  /** URI-encoded once over the real file name; relative to the table root. */
  readonly path: string;
  /** One value per partition column; null for null. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly modificationTime: number;
  /** False when the file only rearranges rows that were there. */
  readonly dataChange: boolean;
  /** A JSON document in a string; see `stats/stats.ts`. */
  readonly stats?: string;
  /** For the writer of the file, to be read again later. */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** Rows of the file that are no longer part of the table. */
  readonly deletionVector?: DeletionVector;
}

/** A data file that is no longer part of the table; stays in the log until nobody can read the versions that have it. */
export interface Remove {
  /** As in the add. */
  readonly path: string;
  /** Milliseconds since 1970 UTC. */
  readonly deletionTimestamp?: number;
  /** False when its rows are in another file of the same commit. */
  readonly dataChange: boolean;
  /** True when the three fields below are there. */
  readonly extendedFileMetadata?: boolean;
  /** As in the add. */
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size?: number;
  /** As in the add. */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** That of the file as it was removed; the same file with another vector is another file. */
  readonly deletionVector?: DeletionVector;
}

/** A file of changed rows, for readers of changes; not part of the table. */
export interface Cdc {
  /** URI-encoded once over the real file name; relative to the table root. */
  readonly path: string;
  /** One value per partition column; null for null. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
}

/** What the table is. */
export interface Metadata {
  /** A GUID that the table keeps for life. */
  readonly id: string;
  /** For people. */
  readonly name?: string;
  /** For people. */
  readonly description?: string;
  /** Of the data files: always `parquet`. */
  readonly format: { readonly provider: string; readonly options?: Readonly<Record<string, string>> };
  /** A JSON document in a string; see `schema/schema.ts`. */
  readonly schemaString: string;
  /** In the order of the folders. */
  readonly partitionColumns: readonly string[];
  /** The properties of the table, such as `delta.appendOnly`; see `tableProperties`. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 UTC. */
  readonly createdTime?: number;
}

/** What a reader and a writer must be able to do. */
export interface Protocol {
  /** 1 to 3. */
  readonly minReaderVersion: number;
  /** 1 to 7. */
  readonly minWriterVersion: number;
  /** What a reader must know; only with reader version 3. */
  readonly readerFeatures?: readonly string[];
  /** What a writer must know; only with writer version 7. */
  readonly writerFeatures?: readonly string[];
}

/** How far an application has come; the newest per `appId` counts. */
export interface SetTransaction {
  /** Of the application: one per stream of changes that must not be applied twice. */
  readonly appId: string;
  /** How far it is, in numbers of its own that rise. */
  readonly version: bigint;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated?: number;
}

/** Who did what; not needed to read the table. */
export interface CommitInfo {
  /** Milliseconds since 1970 UTC. */
  readonly timestamp?: number;
  /** Such as WRITE, MERGE, DELETE. */
  readonly operation?: string;
  /** What was asked for. */
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  /** The version that the change was computed from. */
  readonly readVersion?: number;
  /** Serializable or WriteSerializable. */
  readonly isolationLevel?: string;
  /** True when the change depends on nothing that it read. */
  readonly isBlindAppend?: boolean;
  /** Counts, with the names that Spark gives them. */
  readonly operationMetrics?: Readonly<Record<string, string>>;
  /** The program that wrote it. */
  readonly engineInfo?: string;
  /** A name for this commit alone. */
  readonly txnId?: string;
  /** Milliseconds since 1970 UTC, rising from version to version, in tables that ask for it. */
  readonly inCommitTimestamp?: number;
}

/** An action of a shape that the protocol does not know: a fault only where no newer action takes its place. */
export interface ActionFault {
  readonly kind: "protocol" | "metaData" | "txn" | "add";
  /** Of a txn its application, of an add its path. */
  readonly key?: string;
  /** Of an add: with its path it says which removes mean it. */
  readonly deletionVector?: DeletionVector;
  readonly error: Error;
}

/** All actions of one version, or of one checkpoint. */
export interface Actions {
  readonly commitInfo?: CommitInfo;
  readonly protocol?: Protocol;
  readonly metadata?: Metadata;
  readonly txns: readonly SetTransaction[];
  readonly removes: readonly Remove[];
  readonly adds: readonly Add[];
  readonly cdcs?: readonly Cdc[];
  readonly faults?: readonly ActionFault[];
}
