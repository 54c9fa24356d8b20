/** Real stations of a part of the Finnish network. Source: Fintraffic / digitraffic.fi, license CC BY 4.0, https://creativecommons.org/licenses/by/4.0/ (shortened). */

/** A station as `GET /metadata/stations` writes it. */
export interface Station {
  readonly passengerTraffic: boolean;
  readonly type: "STATION" | "STOPPING_POINT" | "TURNOUT_IN_THE_OPEN_LINE";
  readonly stationName: string;
  readonly stationShortCode: string;
  readonly stationUICCode: number;
  readonly countryCode: string;
  readonly longitude: number;
  readonly latitude: number;
}

/** Code, UIC code, name, latitude, longitude, type, passenger traffic. */
type StationLine = readonly [string, number, string, number, number, Station["type"], boolean];

const LINES: readonly StationLine[] = [
  ["HKI", 1, "Helsinki", 60.1721, 24.9412, "STATION", true],
  ["PSL", 10, "Pasila", 60.1987, 24.9335, "STATION", true],
  ["KÄP", 977, "Käpylä", 60.2202, 24.9460, "STATION", true],
  ["OLK", 15, "Oulunkylä", 60.2290, 24.9677, "STATION", true],
  ["PMK", 551, "Pukinmäki", 60.2422, 24.9933, "STOPPING_POINT", true],
  ["ML", 17, "Malmi", 60.2517, 25.0115, "STATION", true],
  ["TNA", 552, "Tapanila", 60.2639, 25.0300, "STOPPING_POINT", true],
  ["PLA", 553, "Puistola", 60.2763, 25.0367, "STOPPING_POINT", true],
  ["TKL", 18, "Tikkurila", 60.2922, 25.0441, "STATION", true],
  ["HKH", 556, "Hiekkaharju", 60.3031, 25.0491, "STATION", true],
  ["KVY", 559, "Koivukylä", 60.3233, 25.0598, "STOPPING_POINT", true],
  ["RKL", 554, "Rekola", 60.3329, 25.0687, "STOPPING_POINT", true],
  ["KRS", 19, "Korso", 60.3513, 25.0785, "STOPPING_POINT", true],
  ["SAV", 555, "Savio", 60.3813, 25.0978, "STOPPING_POINT", true],
  ["KE", 20, "Kerava", 60.4043, 25.1060, "STATION", true],
  ["KYT", 1111, "Kytömaa", 60.4256, 25.1100, "STATION", false],
  ["AIN", 628, "Ainola", 60.4569, 25.1015, "STOPPING_POINT", true],
  ["JP", 25, "Järvenpää", 60.4737, 25.0908, "STATION", true],
  ["JK", 28, "Jokela", 60.5528, 24.9707, "STATION", true],
  ["HY", 30, "Hyvinkää", 60.6313, 24.8577, "STATION", true],
  ["RI", 40, "Riihimäki", 60.7361, 24.7812, "STATION", true],
  ["RY", 42, "Ryttylä", 60.8180, 24.7582, "STATION", true],
  ["TU", 44, "Turenki", 60.9184, 24.6386, "STATION", true],
  ["HL", 47, "Hämeenlinna", 61.0024, 24.4789, "STATION", true],
  ["PRL", 49, "Parola", 61.0499, 24.3665, "STATION", true],
  ["ITA", 154, "Iittala", 61.0906, 24.1408, "STOPPING_POINT", true],
  ["VIA", 155, "Viiala", 61.2118, 23.7707, "STATION", true],
  ["TL", 150, "Toijala", 61.1706, 23.8609, "STATION", true],
  ["LPÄ", 156, "Lempäälä", 61.3142, 23.7551, "STATION", true],
  ["TPE", 160, "Tampere", 61.4982, 23.7735, "STATION", true],
  ["LLH", 183, "Lielahti", 61.5103, 23.6817, "STATION", false],
  ["YLÖ", 211, "Ylöjärvi", 61.5565, 23.5860, "STATION", false],
  ["PKO", 215, "Parkano", 62.0520, 23.0784, "STATION", true],
  ["PSJ", 687, "Peräseinäjoki", 62.5495, 22.9420, "STATION", false],
  ["SK", 280, "Seinäjoki", 62.7920, 22.8442, "STATION", true],
  ["LPA", 298, "Lapua", 62.9713, 23.0151, "STATION", true],
  ["KHA", 299, "Kauhava", 63.0996, 23.0353, "STATION", true],
  ["PNÄ", 305, "Pännäinen", 63.5954, 22.7904, "STATION", true],
  ["KPY", 311, "Kruunupyy", 63.7216, 23.0340, "STATION", false],
  ["KOK", 312, "Kokkola", 63.8344, 23.1311, "STATION", true],
  ["KNS", 317, "Kannus", 63.8984, 23.9154, "STATION", true],
  ["YV", 320, "Ylivieska", 64.0719, 24.5406, "STATION", true],
  ["OU", 322, "Oulainen", 64.2695, 24.8210, "STATION", true],
  ["RKI", 337, "Ruukki", 64.6604, 25.0982, "STATION", true],
  ["OL", 370, "Oulu", 65.0124, 25.4861, "STATION", true],
  ["II", 343, "Ii", 65.3188, 25.4419, "STATION", false],
  ["SIM", 346, "Simo", 65.6631, 25.0608, "STATION", false],
  ["KEM", 347, "Kemi", 65.7367, 24.5744, "STATION", true],
  ["TRV", 361, "Tervola", 66.0818, 24.7723, "STATION", true],
  ["MUL", 363, "Muurola", 66.3709, 25.3751, "STATION", true],
  ["ROI", 364, "Rovaniemi", 66.4977, 25.7053, "STATION", true],
  ["ILA", 9, "Ilmala", 60.2081, 24.9206, "STATION", true],
  ["HPL", 72, "Huopalahti", 60.2184, 24.8935, "STATION", true],
  ["POH", 657, "Pohjois-Haaga", 60.2301, 24.8833, "STOPPING_POINT", true],
  ["KAN", 658, "Kannelmäki", 60.2396, 24.8770, "STATION", true],
  ["MLO", 659, "Malminkartano", 60.2493, 24.8613, "STOPPING_POINT", true],
  ["MYR", 660, "Myyrmäki", 60.2613, 24.8548, "STATION", true],
  ["LOH", 661, "Louhela", 60.2708, 24.8533, "STOPPING_POINT", true],
  ["MRL", 662, "Martinlaakso", 60.2781, 24.8526, "STOPPING_POINT", true],
  ["VKS", 839, "Vantaankoski", 60.2857, 24.8483, "STOPPING_POINT", true],
  ["VEH", 1337, "Vehkala", 60.2951, 24.8437, "STOPPING_POINT", true],
  ["KTÖ", 1330, "Kivistö", 60.3146, 24.8469, "STOPPING_POINT", true],
  ["AVP", 1331, "Aviapolis", 60.3043, 24.9562, "STOPPING_POINT", true],
  ["LEN", 1332, "Lentoasema", 60.3157, 24.9683, "STOPPING_POINT", true],
  ["HVK", 1334, "Havukoski", 60.3084, 25.0518, "STATION", false],
  ["VMO", 847, "Valimo", 60.2220, 24.8758, "STOPPING_POINT", true],
  ["PJM", 69, "Pitäjänmäki", 60.2234, 24.8596, "STOPPING_POINT", true],
  ["MÄK", 693, "Mäkkylä", 60.2213, 24.8430, "STOPPING_POINT", true],
  ["LPV", 68, "Leppävaara", 60.2195, 24.8135, "STATION", true],
  ["KIL", 580, "Kilo", 60.2179, 24.7824, "STOPPING_POINT", true],
  ["KEA", 621, "Kera", 60.2166, 24.7556, "STOPPING_POINT", true],
  ["KNI", 67, "Kauniainen", 60.2119, 24.7309, "STATION", true],
  ["KVH", 675, "Koivuhovi", 60.2071, 24.7013, "STOPPING_POINT", true],
  ["TRL", 579, "Tuomarila", 60.2060, 24.6818, "STOPPING_POINT", true],
  ["EPO", 66, "Espoo", 60.2051, 24.6560, "STATION", true],
  ["KLH", 65, "Kauklahti", 60.1895, 24.6004, "STATION", true],
  ["MAS", 64, "Masala", 60.1587, 24.5391, "STOPPING_POINT", true],
  ["JRS", 578, "Jorvas", 60.1379, 24.5128, "STOPPING_POINT", true],
  ["TOL", 830, "Tolsa", 60.1186, 24.4727, "STOPPING_POINT", true],
  ["KKN", 63, "Kirkkonummi", 60.1196, 24.4388, "STATION", true],
  ["STI", 576, "Siuntio", 60.1406, 24.2217, "STATION", true],
  ["KR", 60, "Karjaa", 60.0687, 23.6613, "STATION", true],
  ["SLO", 55, "Salo", 60.3848, 23.1214, "STATION", true],
  ["TKU", 130, "Turku", 60.4540, 22.2529, "STATION", true],
  ["HAA", 13, "Haarajoki", 60.4963, 25.1338, "STATION", true],
  ["MLÄ", 27, "Mäntsälä", 60.6473, 25.3075, "STATION", true],
  ["HLT", 1014, "Hakosilta", 60.9250, 25.5134, "STATION", false],
  ["LH", 100, "Lahti", 60.9765, 25.6574, "STATION", true],
  ["UKÄ", 105, "Uusikylä", 60.9277, 25.9940, "STATION", true],
  ["KV", 480, "Kouvola", 60.8656, 26.7046, "STATION", true],
  ["UTI", 484, "Utti", 60.8777, 26.9333, "TURNOUT_IN_THE_OPEN_LINE", false],
  ["LR", 495, "Lappeenranta", 61.0480, 28.1953, "STATION", true],
  ["JTS", 499, "Joutseno", 61.1203, 28.4883, "STATION", true],
  ["IMR", 603, "Imatra", 61.1959, 28.7760, "STATION", true],
  ["SPL", 507, "Simpele", 61.4248, 29.3717, "STATION", true],
  ["PAR", 510, "Parikkala", 61.5585, 29.5029, "STATION", true],
  ["KTI", 966, "Kesälahti", 61.8875, 29.8029, "STATION", true],
  ["JNS", 460, "Joensuu", 62.5995, 29.7770, "STATION", true],
  ["MR", 544, "Mäntyharju", 61.4211, 26.8817, "STATION", true],
  ["MI", 546, "Mikkeli", 61.6878, 27.2780, "STATION", true],
  ["PM", 400, "Pieksämäki", 62.3013, 27.1675, "STATION", true],
  ["SNJ", 404, "Suonenjoki", 62.6237, 27.1245, "STATION", true],
  ["KUO", 408, "Kuopio", 62.8972, 27.6796, "STATION", true],
  ["SIJ", 413, "Siilinjärvi", 63.0750, 27.6666, "STATION", true],
  ["LNA", 416, "Lapinlahti", 63.3607, 27.3936, "STATION", true],
  ["ILM", 420, "Iisalmi", 63.5601, 27.2011, "STATION", true],
  ["KAJ", 387, "Kajaani", 64.2197, 27.7384, "STATION", true],
  ["OV", 190, "Orivesi", 61.6501, 24.3680, "STATION", true],
  ["JÄS", 204, "Jämsä", 61.8656, 25.1733, "STATION", true],
  ["JY", 240, "Jyväskylä", 62.2415, 25.7550, "STATION", true],
  ["LVT", 246, "Lievestuore", 62.2599, 26.1959, "STATION", true],
];

/** All stations of the simulated network by short code. */
export const STATIONS: ReadonlyMap<string, Station> = new Map(
  LINES.map((line) => [line[0], station(line)]),
);

function station(line: StationLine): Station {
  const [stationShortCode, stationUICCode, stationName, latitude, longitude, type, passengerTraffic] = line;
  return {
    passengerTraffic,
    type,
    stationName,
    stationShortCode,
    stationUICCode,
    countryCode: "FI",
    longitude,
    latitude,
  };
}
