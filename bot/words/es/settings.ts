/** Settings of a community, its nodes and reports. */
export const settings = {};
