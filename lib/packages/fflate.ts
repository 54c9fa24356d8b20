/** fflate's streaming writer of ZIP files, imported in this one place. */
export { Zip, ZipDeflate } from "fflate/browser";
