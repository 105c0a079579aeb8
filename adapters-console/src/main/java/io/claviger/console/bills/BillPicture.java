package io.claviger.console.bills;

import io.claviger.console.page.BarChart;
import io.claviger.console.page.BarChart.Kind;
import io.claviger.console.page.Numbers;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.Bill.Day;
import io.claviger.domain.bills.Bill.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A month of a bill, in the form in which a chart and tables show it. */
public final class BillPicture {
  private static final int NANO_DIGITS = 9;
  private static final int CENTS = 2;

  private final Bill bill;

  BillPicture(Bill bill) {
    this.bill = bill;
  }

  /** One of the month's amounts, with its label. */
  public record Fact(String name, String amount) {}

  /** Why the amounts of the provider and of Claviger differ. */
  public record ReasonLine(String amount, String explanation, String detail) {}

  /**
   * The amounts that the provider billed and that Claviger counted, for one model on one day.
   *
   * @param bad whether the viewer should check the amounts of this day
   */
  public record DayLine(
      String day, String model, String theirs, String ours, String state, boolean bad) {}

  private static BigDecimal dollars(long nano) {
    return BigDecimal.valueOf(nano, NANO_DIGITS);
  }

  private String shown(long nano, String currency) {
    BigDecimal amount = dollars(nano);
    return currency.equals("USD")
        ? Numbers.dollars(amount)
        : Numbers.shown(amount.setScale(CENTS, RoundingMode.HALF_UP)) + " " + currency;
  }

  private String shown(Optional<Long> nano) {
    return nano.map(amount -> shown(amount, "USD")).orElse("–");
  }

  List<Fact> facts() {
    return List.of(
        new Fact(
            "The provider bills",
            bill.theirs().map(amount -> shown(amount, bill.currency())).orElse("not known")),
        new Fact("Claviger counted", shown(bill.ours(), "USD")),
        new Fact("Both agree on", shown(bill.agreed())),
        new Fact("Unexplained", shown(bill.unexplained())));
  }

  List<ReasonLine> reasons() {
    return bill.explained().stream()
        .map(
            each ->
                new ReasonLine(
                    shown(each.amount(), "USD"), each.reason().explanation(), each.detail()))
        .toList();
  }

  List<DayLine> days() {
    return bill.days().stream()
        .map(
            day ->
                new DayLine(
                    day.day().toString(),
                    day.model().orElse("(no model)"),
                    shown(day.theirs()),
                    shown(day.ours(), "USD"),
                    words(day.state()),
                    day.state() == State.UNEXPLAINED))
        .toList();
  }

  private static String words(State state) {
    return switch (state) {
      case AGREED -> "agreed";
      case EXPLAINED -> "explained";
      case UNEXPLAINED -> "unexplained";
      case PRELIMINARY -> "preliminary";
      case NOT_READ -> "not read";
      case NOT_COMPARED -> "not compared";
    };
  }

  /**
   * Returns the chart. For each day, the chart stacks two amounts: the amount on which the provider
   * and Claviger agree, and the amount that only one of them has.
   */
  Optional<BarChart> chart() {
    SortedMap<LocalDate, long[]> days = new TreeMap<>();
    for (Day each : bill.days()) {
      long[] sums = days.computeIfAbsent(each.day(), day -> new long[2]);
      sums[0] += each.theirs().orElse(0L);
      sums[1] += each.ours();
    }
    if (days.isEmpty()) {
      return Optional.empty();
    }
    List<LocalDate> axis = days.firstKey().datesUntil(days.lastKey().plusDays(1)).toList();
    List<BigDecimal> both = new ArrayList<>();
    List<BigDecimal> theirs = new ArrayList<>();
    List<BigDecimal> ours = new ArrayList<>();
    for (LocalDate day : axis) {
      long[] sums = days.getOrDefault(day, new long[2]);
      long common = Math.max(0, Math.min(sums[0], sums[1]));
      both.add(dollars(common));
      theirs.add(dollars(Math.max(0, sums[0] - common)));
      ours.add(dollars(Math.max(0, sums[1] - common)));
    }
    return Optional.of(
        BarChart.of(
            "Billed and counted by day",
            Numbers::dollars,
            Numbers::dollars,
            axis.stream().map(LocalDate::toString).toList(),
            List.of(
                new BarChart.Series("both", Kind.STACKED, both),
                new BarChart.Series("only the provider", Kind.STACKED, theirs),
                new BarChart.Series("only Claviger", Kind.STACKED, ours))));
  }
}
