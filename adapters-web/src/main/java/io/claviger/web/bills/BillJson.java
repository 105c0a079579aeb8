package io.claviger.web.bills;

import io.claviger.application.bills.Bills.BillReport;
import io.claviger.application.bills.port.BillReadingStore.FailedReading;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillAmount;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** A bill as the API shows it. Amounts that are not known or not compared are null. */
record BillJson(
    String month,
    String currency,
    Optional<String> theirs,
    String ours,
    Optional<String> agreed,
    List<ExplainedJson> explained,
    Optional<String> unexplained,
    List<DayJson> days,
    Optional<String> finalUntil,
    ReadingJson reading) {

  record ExplainedJson(String reason, String amount, String detail, String explanation) {}

  record DayJson(
      String day, Optional<String> model, Optional<String> theirs, String ours, String state) {}

  /** How the provider's figures were read. */
  record ReadingJson(
      boolean credential,
      Optional<Instant> readAt,
      Optional<Instant> failedAt,
      Optional<String> failure,
      Optional<String> explanation) {}

  static BillJson of(BillReport report) {
    Bill bill = report.bill();
    Optional<FailedReading> failure = report.readings().failure();
    return new BillJson(
        bill.month().toString(),
        bill.currency(),
        bill.theirs().map(BillAmount::text),
        BillAmount.text(bill.ours()),
        bill.agreed().map(BillAmount::text),
        bill.explained().stream().map(BillJson::explained).toList(),
        bill.unexplained().map(BillAmount::text),
        bill.days().stream().map(BillJson::day).toList(),
        bill.finalUntil().map(LocalDate::toString),
        new ReadingJson(
            report.hasCredential(),
            report.readings().readAt(),
            failure.map(FailedReading::at),
            failure.map(failed -> failed.why().wireName()),
            failure.map(failed -> failed.why().explanation())));
  }

  private static ExplainedJson explained(Bill.Explained of) {
    return new ExplainedJson(
        of.reason().wireName(),
        BillAmount.text(of.amount()),
        of.detail(),
        of.reason().explanation());
  }

  private static DayJson day(Bill.Day of) {
    return new DayJson(
        of.day().toString(),
        of.model(),
        of.theirs().map(BillAmount::text),
        BillAmount.text(of.ours()),
        of.state().wireName());
  }
}
