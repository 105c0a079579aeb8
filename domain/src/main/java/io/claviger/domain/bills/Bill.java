package io.claviger.domain.bills;

import io.claviger.domain.WireNamed;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * The provider's bill for a month of a service, compared with the costs that Claviger counted, in
 * nano-dollars. {@code agreed} is the amount that both the bill and Claviger's count contain.
 * {@code theirs} is {@code agreed} plus the amount that only the provider's bill contains. {@code
 * ours} is {@code agreed} plus the amount that only Claviger's count contains.
 *
 * @param currency the currency of the provider's amounts; if it is not {@code USD}, nothing is
 *     compared
 * @param theirs the amount on the provider's bill; empty if the amount is not known
 * @param ours the amount that Claviger counted, including calls with callers' own keys
 * @param agreed the amount that both the bill and Claviger's count contain; empty if nothing was
 *     compared
 * @param explained the parts of the difference that have a known reason; each reason occurs once.
 *     An amount is positive if the provider bills more than Claviger counted
 * @param unexplained the sum of the absolute values of all differences without a known reason, over
 *     all days and models; empty if nothing was compared
 * @param days the results for each day and model, ordered by day and then by model
 * @param finalUntil the last day for which the provider's figures are final; empty if there is no
 *     such day
 */
public record Bill(
    YearMonth month,
    String currency,
    Optional<Long> theirs,
    long ours,
    Optional<Long> agreed,
    List<Explained> explained,
    Optional<Long> unexplained,
    List<Day> days,
    Optional<LocalDate> finalUntil) {
  private static final long ALARMING = 5_000_000_000L;

  public Bill {
    explained = List.copyOf(explained);
    days = List.copyOf(days);
  }

  /**
   * A part of the difference that has a known reason.
   *
   * @param amount the amount of this part; positive if the provider bills more than Claviger
   *     counted
   * @param detail a text that names the affected days and models
   */
  public record Explained(BillReason reason, long amount, String detail) {}

  /**
   * The comparison of the bill with Claviger's count for one day and one model.
   *
   * @param model the model; empty if the amounts belong to no model
   * @param theirs the amount that the provider bills; empty if the provider states no cost for this
   *     day and model
   * @param ours the amount that Claviger counted
   */
  public record Day(
      LocalDate day, Optional<String> model, Optional<Long> theirs, long ours, State state) {}

  /** The result of comparing the figures of one day and one model. */
  public enum State implements WireNamed {
    AGREED,
    /** The difference has known reasons. */
    EXPLAINED,
    UNEXPLAINED,
    /** The day is not over. */
    PRELIMINARY,
    /** The provider's figures are not known. */
    NOT_READ,
    /** The provider bills in another currency. */
    NOT_COMPARED
  }

  /**
   * Whether the unexplained amount is large enough to alert the owner: more than 1 % of the bill
   * and more than 5 dollars.
   */
  public boolean isAlarming() {
    long whole = Math.max(ours, theirs.orElse(0L));
    return unexplained.filter(amount -> amount > ALARMING && amount > whole / 100).isPresent();
  }
}
