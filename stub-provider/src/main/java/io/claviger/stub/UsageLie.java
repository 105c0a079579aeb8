package io.claviger.stub;

/** The ways in which the stub's figures about usage and costs can be wrong. */
public enum UsageLie {
  NONE,
  /** Costs are stated in euros instead of dollars. */
  OTHER_CURRENCY,
  /** Each day begins five hours after midnight UTC. */
  OTHER_ZONE,
  /** The answer states negative costs and counts. */
  NEGATIVE,
  /** The answer states costs and counts that are far too large, such as 1e9995. */
  INFINITE,
  /** Each page contains its first day twice. */
  SAME_DAY_TWICE,
  /** The answer contains a day that nobody requested. */
  OTHER_DAY,
  /** Each page refers to itself as the next page. */
  SAME_PAGE_AGAIN,
  /** Each page refers to a next page, and contains no days. */
  ENDLESS_PAGES,
  /** The answer contains the caller's key in place of a model's name. */
  ECHOED_KEY
}
