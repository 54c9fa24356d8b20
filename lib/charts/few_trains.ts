/** How many trains a finding needs. */

/** Of fewer trains a mean or a share says little: it is no finding. */
export const FEW_TRAINS = 5;
