/** The actions of the Delta log, as the protocol names them. Unknown actions and fields are passed over. */

/** Rows of a data file that are no longer part of the table. */
export interface DeletionVector {
  /** "u": a file named by UUID, "p": a file named by an absolute path, "i": inline. */
  readonly storageType: string;
  readonly pathOrInlineDv: string;
  /** Where it begins in its file. */
  readonly offset?: number;
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
  /** A JSON document in a string; see `stats.ts`. */
  readonly stats?: string;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly deletionVector?: DeletionVector;
}

/** A data file that is no longer part of the table; stays in the log until readers of old versions are done. */
export interface Remove {
  readonly path: string;
  /** Milliseconds since 1970 UTC. */
  readonly deletionTimestamp?: number;
  readonly dataChange: boolean;
  /** True when the three fields below are there. */
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  readonly size?: number;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly deletionVector?: DeletionVector;
}

/** A file of changed rows, for those who ask what changed; not part of the table. */
export interface Cdc {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
}

/** What the table is. */
export interface Metadata {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly format: { readonly provider: string; readonly options?: Readonly<Record<string, string>> };
  /** A JSON document in a string; see `schema.ts`. */
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 UTC. */
  readonly createdTime?: number;
}

/** What a reader and a writer must be able to do. */
export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

/** How far an application has come; the newest per `appId` counts. */
export interface SetTransaction {
  readonly appId: string;
  readonly version: bigint;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated?: number;
}

/** Who did what; not needed to read the table. */
export interface CommitInfo {
  /** Milliseconds since 1970 UTC. */
  readonly timestamp?: number;
  readonly operation?: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly readVersion?: number;
  readonly isolationLevel?: string;
  readonly isBlindAppend?: boolean;
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly engineInfo?: string;
  readonly txnId?: string;
  /** Milliseconds since 1970 UTC, rising from version to version, in tables that ask for it. */
  readonly inCommitTimestamp?: number;
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
}
