/**
 * What the licence of the source asks to be shown wherever its data is: who it is from, the licence with its address, and
 * that the data was changed (https://creativecommons.org/licenses/by/4.0/, section 3 a).
 */

/** Lines of at most 80 characters. */
export const LICENCE = "Source: Fintraffic / digitraffic.fi, license CC BY 4.0,\n" +
  "https://creativecommons.org/licenses/by/4.0/;\nthe data was checked and rearranged";

/** The same in one line. */
export const LICENCE_LINE = LICENCE.replaceAll("\n", " ");
