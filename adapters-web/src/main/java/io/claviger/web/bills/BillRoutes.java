package io.claviger.web.bills;

import io.claviger.application.bills.Bills;
import io.claviger.application.bills.Bills.BillReport;
import io.claviger.application.bills.Bills.SavedInvoice;
import io.claviger.application.bills.port.BillReadingStore.FailedReading;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillAmount;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import io.claviger.web.json.Body;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code /v1/llm-services/{owner}/{handle}/bill}. */
public final class BillRoutes implements RouteGroup {
  private final Bills bills;

  public BillRoutes(Bills bills) {
    this.bills = bills;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/bill").get(this::show, "month");
    routes.at("/v1/llm-services/{owner}/{handle}/bill/_compare").post(this::compare, "month");
    routes
        .at("/v1/llm-services/{owner}/{handle}/bill/invoices/{month}")
        .get(this::showInvoice)
        .put(this::saveInvoice)
        .delete(this::deleteInvoice);
  }

  private void show(ApiCall call) {
    YearMonth month = asked(call);
    call.ok(
        call.readAsList(
            () -> BillJson.of(Problems.valueOf(bills.find(call.actor(), call.service(), month)))));
  }

  private void compare(ApiCall call) {
    YearMonth month = asked(call);
    call.emptyBody();
    call.ok(BillJson.of(Problems.valueOf(bills.compare(call.actor(), call.service(), month))));
  }

  private static YearMonth asked(ApiCall call) {
    YearMonth month =
        call.query().value("month", Invoice::month).orElseGet(() -> YearMonth.now(ZoneOffset.UTC));
    call.query().rejectUnread();
    return month;
  }

  private void showInvoice(ApiCall call) {
    Invoice found =
        Problems.valueOf(bills.invoice(call.actor(), call.service(), month(call.text("month"))));
    call.shown(InvoiceJson.of(found), found.version());
  }

  private void saveInvoice(ApiCall call) {
    Instance.Ref service = call.service();
    YearMonth month = month(call.text("month"));
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Optional<Invoice.Content> content = content(fields);
      Precondition precondition =
          call.done(
              fields,
              List.of("month"),
              () ->
                  bills
                      .invoice(call.actor(), service, month)
                      .asOptional()
                      .map(i -> CurrentState.of(new Fixed(month.toString()), i.version()))
                      .orElseGet(() -> CurrentState.nothing(new Fixed(month.toString()))));
      SavedInvoice saved =
          Problems.valueOf(
              bills.save(call.actor(), service, month, precondition, content.orElseThrow()));
      call.written(saved.created(), InvoiceJson.of(saved.invoice()));
    }
  }

  private void deleteInvoice(ApiCall call) {
    Problems.throwIfRefused(
        bills.delete(call.actor(), call.service(), month(call.text("month")), call.precondition()));
    call.noContent();
  }

  /** The field of an invoice whose value is in the path of the request. */
  record Fixed(String month) {}

  private static YearMonth month(String text) {
    try {
      return Invoice.month(text);
    } catch (InvalidValue e) {
      throw new InvalidInput(new Fault("/month", "invalid_value", e.allowed()));
    }
  }

  /**
   * Reads an invoice; empty if any field has a fault. {@link ApiCall#done} reports these faults.
   */
  private static Optional<Invoice.Content> content(JsonObject fields) {
    Field<Long> total =
        fields.required(
            "total",
            JsonConverter.decimal(written -> BillAmount.parse("total", written)),
            "Say what the provider billed for the month.");
    Field<String> currency =
        fields.required(
            "currency",
            JsonConverter.text(text -> text),
            "Say in which currency the provider billed, such as USD.");
    Field<SortedMap<String, Long>> models =
        fields.value(
            "models",
            JsonConverter.listOf(JsonConverter.object(BillRoutes::part)).then(BillRoutes::parts));
    if (total.given().isEmpty() || currency.given().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Invoice.Content(
              total.given().get(), currency.given().get(), models.or(new TreeMap<>())));
    } catch (InvalidValue e) {
      return fields
          .location(e.field())
          .attempt(
              () -> {
                throw e;
              });
    }
  }

  private static SortedMap<String, Long> parts(List<InvoicePart> written) {
    SortedMap<String, Long> parts = new TreeMap<>();
    for (InvoicePart part : written) {
      if (parts.put(part.model(), part.nano()) != null) {
        throw new InvalidValue("models", "each model once");
      }
    }
    return parts;
  }

  /** The part of an invoice for one model; its amount is in billionths of the currency's unit. */
  private record InvoicePart(String model, long nano) {}

  private static Optional<InvoicePart> part(JsonObject fields) {
    Field<ModelName> model =
        fields.required("model", JsonConverter.text(ModelName::new), "Name the model.");
    Field<Long> amount =
        fields.required(
            "amount",
            JsonConverter.decimal(written -> BillAmount.parse("amount", written)),
            "Say what was billed for the model.");
    fields.recordUnknownFields();
    return model
        .given()
        .flatMap(name -> amount.given().map(nano -> new InvoicePart(name.value(), nano)));
  }

  record InvoiceJson(
      String month,
      String currency,
      String total,
      List<InvoicePartJson> models,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    record InvoicePartJson(String model, String amount) {}

    static InvoiceJson of(Invoice invoice) {
      return new InvoiceJson(
          invoice.month().toString(),
          invoice.content().currency(),
          BillAmount.text(invoice.content().total()),
          invoice.content().models().entrySet().stream()
              .map(e -> new InvoicePartJson(e.getKey(), BillAmount.text(e.getValue())))
              .toList(),
          invoice.version(),
          invoice.createdAt(),
          invoice.updatedAt());
    }
  }

  /**
   * A bill as the API shows it. Amounts are null if they are unknown, or if they were not compared
   * with an invoice.
   */
  private record BillJson(
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

    /**
     * When the provider's figures were last read; if the last attempt failed, also when and why it
     * failed.
     */
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
}
