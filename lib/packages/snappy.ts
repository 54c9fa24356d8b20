/** hyparquet's Snappy alone, imported in this one place: all of hyparquet takes a tenth of the start of a script. */
export { snappyUncompress } from "hyparquet/src/snappy.js";
