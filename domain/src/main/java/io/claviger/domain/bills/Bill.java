package io.claviger.domain.bills;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A month of a service: what the provider bills beside what Claviger counted, in nano-dollars. What
 * both have is agreed. Agreed, and what the provider has in addition, is what it bills; agreed, and
 * what Claviger has in addition, is what was counted.
 *
 * @param currency of the provider's amounts; if it is not {@code USD}, nothing is compared
 * @param theirs empty if nothing is known of what the provider bills
 * @param ours what Claviger counted, with callers' own keys
 * @param agreed empty if nothing was compared
 * @param explained why amounts differ, each reason once; positive if the provider bills more
 * @param unexplained by how much days and models differ for no known reason, in either direction;
 *     empty if nothing was compared
 * @param days by day and model, in this order
 * @param finalUntil the last day whose figures the provider changes no more; empty if there is none
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
   * A part of the difference that has a reason.
   *
   * @param amount positive if the provider bills more than Claviger counted
   * @param detail which days and models it concerns, in words
   */
  public record Explained(BillReason reason, long amount, String detail) {}

  /**
   * A day of a model.
   *
   * @param model empty for what belongs to no model
   * @param theirs empty if the provider states no cost for it
   */
  public record Day(
      LocalDate day, Optional<String> model, Optional<Long> theirs, long ours, State state) {}

  /** How a day of a model compares. */
  public enum State {
    AGREED,
    /** The difference has reasons. */
    EXPLAINED,
    UNEXPLAINED,
    /** The day is not over. */
    PRELIMINARY,
    /** The provider's figures are not known. */
    NOT_READ,
    /** The provider bills in another currency. */
    NOT_COMPARED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether so much is unexplained that the owner should be told: over 1 % and over 5 dollars. */
  public boolean isAlarming() {
    long whole = Math.max(ours, theirs.orElse(0L));
    return unexplained.filter(amount -> amount > ALARMING && amount > whole / 100).isPresent();
  }
}
