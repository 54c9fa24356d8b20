/**
 * What runs on the simulated network: lines, trains and freight, shaped after a recorded day.
 *
 * @module
 */

const SOUTH = "HKI PSL KÄP OLK PMK ML TNA PLA TKL HKH KVY RKL KRS SAV KE";
const MAIN = "KYT AIN JP JK HY RI RY TU HL PRL ITA TL VIA LPÄ TPE";
const BOTHNIA = "LLH YLÖ PKO PSJ SK LPA KHA PNÄ KPY KOK KNS YV OU RKI OL";
const LAPLAND = "II SIM KEM TRV MUL ROI";
const SHORTCUT = "KYT HAA MLÄ HLT LH UKÄ KV";
const KARELIA = "UTI LR JTS IMR SPL PAR KTI JNS";
const SAVO = "MR MI PM SNJ KUO SIJ LNA ILM KAJ";
const WEST = "OV JÄS JY LVT PM";
const CITY_WEST = "HKI PSL ILA HPL VMO PJM MÄK LPV";
const ESPOO = "KIL KEA KNI KVH TRL EPO KLH";
const COAST = "MAS JRS TOL KKN STI KR SLO TKU";
const AIRPORT = "POH KAN MLO MYR LOH MRL VKS VEH KTÖ AVP LEN HVK";
const RING = `HKI PSL ILA HPL ${AIRPORT} HKH TKL PLA TNA ML PMK OLK KÄP PSL HKI`;

/** Words of the API for what a train is for. */
export type TrainCategory =
  | "Commuter"
  | "Long-distance"
  | "Cargo"
  | "Shunting"
  | "Locomotive"
  | "On-track machines";

/** A kind of train: where it may run, how fast, where it stops. */
export interface Service {
  readonly category: TrainCategory;
  readonly types: readonly string[];
  /** Letter of the commuter line, "" for none. */
  readonly line: string;
  /** Station codes in the order of travel. */
  readonly route: readonly string[];
  /** Codes where it stops; null means everywhere. */
  readonly stops: ReadonlySet<string> | null;
  /** True when trains run in the other direction too. */
  readonly bothWays: boolean;
  /** Fewest and most stations of the part of the route that one train runs; null means all of it. */
  readonly part: readonly [number, number] | null;
  readonly speedKmh: number;
  readonly dwellSeconds: number;
}

/** A service that stands twice runs twice as often. */
const COMMUTER_SERVICES: readonly Service[] = [
  commuter("K", SOUTH),
  commuter("R", `${SOUTH} KYT AIN JP JK HY RI`, { stops: "HKI PSL TKL KE AIN JP JK HY RI" }),
  commuter("R", `${SOUTH} ${MAIN}`, { stops: "HKI PSL TKL KE JP HY RI RY TU HL PRL ITA TL VIA LPÄ TPE" }),
  commuter("D", `${SOUTH} KYT AIN JP JK HY RI RY TU HL`, { stops: "HKI PSL TKL KE JP HY RI RY TU HL" }),
  commuter("Z", `${SOUTH} KYT HAA MLÄ HLT LH`, { stops: "HKI PSL TKL KE HAA MLÄ LH" }),
  commuter("P", RING, { bothWays: false }),
  commuter("P", RING, { bothWays: false }),
  commuter("I", [...split(RING)].reverse().join(" "), { bothWays: false }),
  commuter("I", [...split(RING)].reverse().join(" "), { bothWays: false }),
  commuter("A", CITY_WEST),
  commuter("E", `${CITY_WEST} ${ESPOO}`, { stops: "HKI PSL HPL LPV KIL KEA KNI KVH TRL EPO KLH" }),
  commuter("U", `${CITY_WEST} ${ESPOO} MAS JRS TOL KKN`, {
    stops: "HKI PSL HPL LPV EPO KLH MAS JRS TOL KKN",
  }),
  commuter("L", `${CITY_WEST} ${ESPOO} MAS JRS TOL KKN STI`),
  commuter("M", "TL VIA LPÄ TPE LLH YLÖ"),
];

const EXPRESS =
  "HKI PSL TKL RI HL TL TPE PKO SK LPA KHA PNÄ KOK YV OU OL KEM ROI LH KV LR IMR PAR JNS MI PM KUO";
const LONG_DISTANCE_SERVICES: readonly Service[] = [
  longDistance(["IC", "S"], `${SOUTH} ${MAIN}`),
  longDistance(["IC", "S"], `${SOUTH} ${MAIN} ${BOTHNIA}`),
  longDistance(["S", "HDM"], `${SOUTH} ${MAIN} ${BOTHNIA}`),
  longDistance(["PYO", "IC"], `${SOUTH} ${MAIN} ${BOTHNIA} ${LAPLAND}`),
  longDistance(["IC", "S"], `${SOUTH} ${SHORTCUT} ${KARELIA}`),
  longDistance(["IC", "S"], `${SOUTH} ${SHORTCUT} ${SAVO}`),
  longDistance(["IC", "S"], `${CITY_WEST} ${ESPOO} ${COAST}`, { stops: "HKI PSL LPV KR SLO TKU" }),
  longDistance(["IC", "HDM"], `${SOUTH} ${MAIN} ${WEST}`),
];

const FREIGHT_ROUTES = [
  `${SOUTH} ${MAIN} ${BOTHNIA} ${LAPLAND}`,
  `${SOUTH} ${SHORTCUT} ${KARELIA}`,
  `KE ${SHORTCUT} ${SAVO}`,
  `RI RY TU HL PRL ITA TL VIA LPÄ TPE ${WEST} SNJ KUO SIJ LNA ILM KAJ`,
];

const OTHER_SERVICES: readonly Service[] = [
  ...FREIGHT_ROUTES.map((route) => working("Cargo", ["T"], { route, part: [20, 38], dwellSeconds: 900 })),
  ...FREIGHT_ROUTES.map((route) =>
    working("Locomotive", ["VET"], { route, part: [4, 10], dwellSeconds: 300 })
  ),
  ...FREIGHT_ROUTES.map((route) =>
    working("On-track machines", ["TYO"], { route, part: [6, 14], dwellSeconds: 600 })
  ),
  working("Shunting", ["W", "SAA", "PAI"], { route: "HKI PSL ILA", part: [2, 3], dwellSeconds: 120 }),
  working("Shunting", ["W", "SAA"], { route: "LPÄ TPE LLH", part: [2, 3], dwellSeconds: 120 }),
];

/** All services of a category; a train's own service is drawn from them. */
export function servicesOf(category: TrainCategory): readonly Service[] {
  if (category === "Commuter") return COMMUTER_SERVICES;
  if (category === "Long-distance") return LONG_DISTANCE_SERVICES;
  return OTHER_SERVICES.filter((service) => service.category === category);
}

/** What differs between passenger trains of a kind. */
interface PassengerOptions {
  /** Codes of the stations where it stops. */
  readonly stops?: string;
  /** Default true. */
  readonly bothWays?: boolean;
}

function commuter(line: string, route: string, options: PassengerOptions = {}): Service {
  const { stops = route, bothWays = true } = options;
  return {
    category: "Commuter",
    types: ["HL"],
    line,
    route: split(route),
    // Nobody boards at a junction; the ring's trains only pass it.
    stops: new Set(split(stops).filter((code) => code !== "HVK" && code !== "KYT")),
    bothWays,
    part: null,
    speedKmh: 75,
    dwellSeconds: 30,
  };
}

function longDistance(types: readonly string[], route: string, options: PassengerOptions = {}): Service {
  const { stops = EXPRESS, bothWays = true } = options;
  return {
    category: "Long-distance",
    types,
    line: "",
    route: split(route),
    stops: new Set([...split(stops), ...split(route).slice(-1)]),
    bothWays,
    part: null,
    speedKmh: 125,
    dwellSeconds: 120,
  };
}

/** What differs between trains that carry no passengers. */
interface WorkingOptions {
  readonly route: string;
  readonly part: readonly [number, number];
  readonly dwellSeconds: number;
}

function working(category: TrainCategory, types: readonly string[], options: WorkingOptions): Service {
  const { part, dwellSeconds } = options;
  const route = split(options.route);
  return { category, types, line: "", route, stops: null, bothWays: true, part, speedKmh: 65, dwellSeconds };
}

function split(codes: string): readonly string[] {
  return codes.split(" ");
}
