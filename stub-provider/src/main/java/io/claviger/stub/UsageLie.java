package io.claviger.stub;

/** The ways in which the figures about usage and costs that the stub reports can be wrong. */
public enum UsageLie {
  NONE,
  /** The costs are stated in euro and not in dollars. */
  OTHER_CURRENCY,
  /** Each day begins five hours after midnight in UTC. */
  OTHER_ZONE,
  /** Costs and counts are negative. */
  NEGATIVE,
  /** Costs and counts are numbers that can't be a cost or a count. */
  INFINITE,
  /** Each page contains its first day twice. */
  SAME_DAY_TWICE,
  /** The answer contains a day that the caller did not request. */
  OTHER_DAY,
  /** Each page states that it is itself the next page. */
  SAME_PAGE_AGAIN,
  /** Each page states that there is another page, and has no days. */
  ENDLESS_PAGES,
  /** In the place of a model's name, there is the caller's key. */
  ECHOED_KEY
}
