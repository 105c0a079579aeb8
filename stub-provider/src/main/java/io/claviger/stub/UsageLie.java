package io.claviger.stub;

/** The ways in which the stub's figures of usage and costs can be wrong. */
public enum UsageLie {
  NONE,
  /** Costs are in euro. */
  OTHER_CURRENCY,
  /** Days begin five hours after midnight of UTC. */
  OTHER_ZONE,
  /** Costs and counts are below zero. */
  NEGATIVE,
  /** Costs and counts are numbers that no cost or count can be. */
  INFINITE,
  /** Each page has its first day twice. */
  SAME_DAY_TWICE,
  /** The answer has a day that was not requested. */
  OTHER_DAY,
  /** Each page names itself as the next page. */
  SAME_PAGE_AGAIN,
  /** There is always another page, without days. */
  ENDLESS_PAGES,
  /** The caller's key stands where the name of a model belongs. */
  ECHOED_KEY
}
