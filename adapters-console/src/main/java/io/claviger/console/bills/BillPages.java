package io.claviger.console.bills;

import io.claviger.application.bills.Bills;
import io.claviger.application.bills.Bills.BillReport;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.console.instances.ServiceRights;
import io.claviger.console.page.Area;
import io.claviger.console.page.BarChart;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.bills.BillAmount;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a provider's bill for a service with the amounts that Claviger counted in the same
 * month.
 */
public final class BillPages implements ConsolePage {
  private static final String PATTERN = ServiceAddress.PATTERN + "/bill";
  private static final String MONTH = "month";
  private static final String TOTAL = "total";
  private static final String CURRENCY = "currency";
  private static final String MODELS = "models";
  private static final Set<String> FIELDS =
      Set.of(MONTH, MONTH + Fields.SHOWN, TOTAL, CURRENCY, MODELS, Versions.FIELD);

  /** The fields that identify an invoice. A service has at most one invoice for each month. */
  private static final Set<String> NAMING = Set.of(MONTH);

  private final Instances instances;
  private final Bills bills;
  private final Views views;

  public BillPages(Instances instances, Bills bills, Views views) {
    this.instances = instances;
    this.bills = bills;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATTERN, this::ask, this::save);
    routes.pageAt(PATTERN + "/compare").openPost(visitors.signedIn(this::compare));
    routes.pageAt(PATTERN + "/delete").openPost(visitors.signedIn(this::delete));
  }

  private void ask(Visit visit) {
    FormState asked = FormState.asked(visit, Set.of(MONTH));
    try {
      Fields fields = Fields.of(asked.values());
      Optional<YearMonth> given = fields.optional(MONTH, Invoice::month);
      YearMonth month = fields.check(() -> given.orElseGet(BillPages::present));
      show(visit, 200, month, Optional.empty(), List.of());
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      if (problem.status() != 422) {
        throw e;
      }
      show(visit, 422, present(), Optional.of(asked.with(problem)), List.of());
    }
  }

  private static YearMonth present() {
    return YearMonth.now(ZoneOffset.UTC);
  }

  private void save(Visit visit) {
    Submission.of(
        visit, FIELDS, form -> save(visit, form), (problem, sent) -> refuse(visit, problem, sent));
  }

  private String save(Visit visit, Form form) {
    Fields fields = new Fields(form);
    Optional<YearMonth> month = fields.required(MONTH, "Say for which month.", Invoice::month);
    Optional<Long> total =
        fields.required(TOTAL, "Say what the provider billed.", text -> amount(TOTAL, text));
    Optional<String> currency = fields.required(CURRENCY, "Such as USD.", text -> text);
    SortedMap<String, Long> models =
        fields.optional(MODELS, BillPages::models).orElse(new TreeMap<>());
    Invoice.Content content =
        fields.check(
            () -> new Invoice.Content(total.orElseThrow(), currency.orElseThrow(), models));
    Instance.Ref service = ServiceAddress.of(visit);
    Problems.throwIfRefused(
        bills.save(
            visit.signedIn().actor(),
            service,
            month.orElseThrow(),
            Versions.ofNamed(form, NAMING),
            content));
    return address(service, month.orElseThrow());
  }

  private static long amount(String field, String text) {
    return BillAmount.parse(field, Numbers.decimal(text));
  }

  /**
   * Reads a text in which each line contains the name of a model, a colon and the model's amount.
   */
  private static SortedMap<String, Long> models(String text) {
    SortedMap<String, Long> models = new TreeMap<>();
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      int colon = line.lastIndexOf(':');
      if (colon < 0) {
        throw new InvalidValue(MODELS, "a line for each model, such as gpt-5.2: 12.30");
      }
      String model = line.substring(0, colon).strip();
      if (models.put(model, amount(MODELS, line.substring(colon + 1).strip())) != null) {
        throw new InvalidValue(MODELS, "each model once");
      }
    }
    return models;
  }

  private void refuse(Visit visit, Problem problem, FormState sent) {
    YearMonth month = month(sent);
    Optional<Invoice> stored =
        Problems.valueOf(bills.find(visit.signedIn().actor(), ServiceAddress.of(visit), month))
            .invoice();
    EditForm refused =
        EditForm.refused(
            problem,
            sent,
            "invoice",
            shown(month, stored),
            List.of(TOTAL, CURRENCY, MODELS),
            NAMING);
    show(visit, refused.status(), month, Optional.of(refused.form()), refused.differing());
  }

  private static YearMonth month(FormState sent) {
    try {
      return Invoice.month(sent.value(MONTH));
    } catch (InvalidValue e) {
      return present();
    }
  }

  private void compare(Visit visit) {
    submit(
        visit,
        (form, month) ->
            Problems.throwIfRefused(
                bills.compare(visit.signedIn().actor(), ServiceAddress.of(visit), month)));
  }

  private void delete(Visit visit) {
    submit(
        visit,
        (form, month) ->
            Problems.throwIfRefused(
                bills.delete(
                    visit.signedIn().actor(),
                    ServiceAddress.of(visit),
                    month,
                    Versions.demandedBy(form))));
  }

  /** Runs an action for the month that the form names, and then shows the page of this month. */
  private void submit(Visit visit, BiConsumer<Form, YearMonth> act) {
    Submission.of(
        visit,
        Set.of(MONTH),
        form -> {
          YearMonth month = month(FormState.sent(form, Set.of(MONTH)));
          Instance.Ref service = ServiceAddress.of(visit);
          act.accept(form, month);
          return address(service, month);
        },
        (problem, sent) -> show(visit, problem, sent));
  }

  private void show(Visit visit, Problem problem, FormState sent) {
    YearMonth month = month(sent);
    BillReport report =
        Problems.valueOf(bills.find(visit.signedIn().actor(), ServiceAddress.of(visit), month));
    FormState form = FormState.of(shown(month, report.invoice())).with(problem);
    show(visit, problem.status(), month, Optional.of(form), List.of());
  }

  private static String address(Instance.Ref service, YearMonth month) {
    return ServiceAddress.path(service) + "/bill?month=" + month;
  }

  private static Map<String, String> shown(YearMonth month, Optional<Invoice> stored) {
    Map<String, String> values = new TreeMap<>(Map.of(MONTH, month.toString(), CURRENCY, "USD"));
    stored.ifPresent(
        invoice -> {
          values.put(TOTAL, BillAmount.text(invoice.content().total()));
          values.put(CURRENCY, invoice.content().currency());
          values.put(
              MODELS,
              invoice.content().models().entrySet().stream()
                  .map(each -> each.getKey() + ": " + BillAmount.text(each.getValue()))
                  .collect(Collectors.joining("\n")));
          values.put(MONTH + Fields.SHOWN, month.toString());
          values.put(Versions.FIELD, Long.toString(invoice.version()));
        });
    return values;
  }

  private void show(
      Visit visit,
      int status,
      YearMonth month,
      Optional<FormState> form,
      List<Difference> differing) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = ServiceAddress.of(visit);
    BillReport report = Problems.valueOf(bills.find(actor, service, month));
    boolean mayEnter =
        ServiceRights.of(actor, Problems.valueOf(instances.find(actor, service))).setInvoices();
    BillPicture picture = new BillPicture(report.bill());
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Bill of " + service,
        "bill",
        new BillView(
            service.toString(),
            ServiceAddress.path(service) + "/bill",
            form.orElseGet(() -> FormState.of(shown(month, report.invoice()))),
            month.toString(),
            address(service, month.minusMonths(1)),
            month.isBefore(present()) ? address(service, month.plusMonths(1)) : null,
            mayEnter,
            report.invoice().map(invoice -> Long.toString(invoice.version())).orElse(null),
            report.hasCredential(),
            report.readings().readAt().map(Object::toString).orElse(null),
            report.readings().failure().map(failed -> failed.why().explanation()).orElse(null),
            picture.chart().orElse(null),
            picture.facts(),
            picture.reasons(),
            picture.days(),
            report.bill().finalUntil().map(Object::toString).orElse(null),
            differing));
  }

  /**
   * The page that shows the bill of a month.
   *
   * @param path the address of the page, without its query
   * @param next the address of the next month; null if that month has not begun yet
   * @param mayEnter whether the viewer may enter invoices and have them compared
   * @param invoiceVersion the version of the invoice of this month; null if there is no invoice.
   *     The form might still contain the version of another month's invoice
   * @param readAt the time at which the provider's figures were last read (ISO 8601); null if they
   *     were never read
   * @param failure the reason why the last reading failed; null if the last reading succeeded
   * @param chart the chart of the month; null if there are no figures for this month
   * @param finalUntil the last day whose figures the provider will not change any more; null if
   *     there is none
   * @param differing the fields that somebody else changed while the form was open
   */
  public record BillView(
      String service,
      String path,
      FormState form,
      String month,
      String previous,
      @Nullable String next,
      boolean mayEnter,
      @Nullable String invoiceVersion,
      boolean hasCredential,
      @Nullable String readAt,
      @Nullable String failure,
      @Nullable BarChart chart,
      List<BillPicture.Fact> facts,
      List<BillPicture.ReasonLine> reasons,
      List<BillPicture.DayLine> days,
      @Nullable String finalUntil,
      List<Difference> differing) {
    public BillView {
      facts = List.copyOf(facts);
      reasons = List.copyOf(reasons);
      days = List.copyOf(days);
      differing = List.copyOf(differing);
    }

    public boolean hasInvoice() {
      return invoiceVersion != null;
    }
  }
}
