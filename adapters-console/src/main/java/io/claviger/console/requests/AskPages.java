package io.claviger.console.requests;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.Linked;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.shared.Actor;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page on which users request more rights on a service. A refusal's message contains a link to
 * this page, which fills in exactly the terms that the refused user lacked. The path of this page
 * must be added before the paths of single requests, because {@code new} in a path would otherwise
 * be read as the id of a request.
 */
public final class AskPages implements ConsolePage {
  private final Instances instances;
  private final BorrowRequests borrowRequests;
  private final Views views;

  public AskPages(Instances instances, BorrowRequests borrowRequests, Views views) {
    this.instances = instances;
    this.borrowRequests = borrowRequests;
    this.views = views;
  }

  /**
   * Returns the address of the page on which somebody can request access to a service.
   *
   * @param service {@code owner/handle}
   */
  public static String pathFor(String service) {
    return Links.to(RequestPage.PATH).with(WishForm.SERVICE, service).toString();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, RequestPage.PATH, this::show, this::ask);
  }

  private void show(Visit visit) {
    Optional<String> reference = visit.query(RequestPage.PARAMETER);
    if (reference.isPresent()) {
      Linked linked =
          Problems.valueOf(borrowRequests.linked(visit.signedIn().actor(), reference.get()));
      show(visit, 200, linked.service(), FormState.of(WishForm.shown(linked.terms())));
    } else {
      show(visit, 200, Instance.Ref.of(visit.query(WishForm.SERVICE).orElse("")), FormState.EMPTY);
    }
  }

  private void ask(Visit visit) {
    Submission.of(
        visit,
        WishForm.FIELDS,
        form -> {
          Instance.Ref service = Instance.Ref.of(form.value(WishForm.SERVICE).orElse(""));
          BorrowRequest asked =
              Problems.valueOf(
                  borrowRequests.ask(visit.signedIn().actor(), service, WishForm.read(form)));
          return RequestPages.pathOf(asked.id());
        },
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                Instance.Ref.of(sent.value(WishForm.SERVICE)),
                sent.with(problem)));
  }

  private void show(Visit visit, int status, Instance.Ref service, FormState form) {
    Actor actor = visit.signedIn().actor();
    InstanceView seen = Problems.valueOf(instances.find(actor, service));
    Instance.Ref ref = seen.instance().ref();
    views.show(
        visit,
        status,
        Area.REQUESTS,
        "Ask for more of " + ref,
        "ask",
        new AskView(ref.toString(), ServiceAddress.path(ref), form));
  }

  /**
   * The page on which a user requests more rights on a service.
   *
   * @param service {@code owner/handle}
   * @param back the address of the service's page
   */
  public record AskView(String service, String back, FormState form) {}

  /** The form with which a user requests more rights on a service. */
  private static final class WishForm {
    static final String SERVICE = "service";
    private static final String ROLE = "role";
    private static final String MODELS = "models";
    private static final String OPERATIONS = "operations";
    private static final String UNTIL = "until";
    private static final String NOTE = "note";

    static final Set<String> FIELDS =
        Stream.concat(
                Stream.of(SERVICE, ROLE, MODELS, OPERATIONS, UNTIL, NOTE), BudgetFields.names(""))
            .collect(Collectors.toUnmodifiableSet());

    private WishForm() {}

    /**
     * Reads the form.
     *
     * @throws io.claviger.web.json.InvalidInput with all faults of the form
     */
    static Wish read(Form form) {
      Fields fields = new Fields(form);
      Optional<Role> role = fields.optional(ROLE, Role::of);
      Optional<Set<ModelPattern>> models =
          fields.optional(MODELS, text -> lines(text, ModelPattern::written));
      Optional<Set<Operation>> operations =
          fields.optional(OPERATIONS, text -> lines(text, Operation::new));
      Budgets budgets = BudgetFields.read(fields, "");
      Optional<Budget> budget = fields.made("amount1", () -> one(budgets)).flatMap(b -> b);
      Optional<Instant> until = fields.optional(UNTIL, day -> Days.end(UNTIL, day));
      Optional<RequestNote> note =
          fields.optional(NOTE, text -> new RequestNote(text.replace("\r\n", "\n")));
      return fields.check(
          () ->
              new Wish(
                  new RequestedTerms(
                      role, models.orElse(Set.of()), operations.orElse(Set.of()), budget, until),
                  note));
    }

    private static Optional<Budget> one(Budgets budgets) {
      if (budgets.all().size() > 1) {
        throw new InvalidValue("budget", "one budget at a time");
      }
      return budgets.all().stream().findFirst();
    }

    /** Returns the values that fill the form with the terms that a refused user lacked. */
    static Map<String, String> shown(RequestedTerms terms) {
      Map<String, String> values = new TreeMap<>();
      values.put(ROLE, terms.role().map(Role::wireName).orElse(""));
      values.put(MODELS, text(terms.models(), ModelPattern::value));
      values.put(OPERATIONS, text(terms.operations(), Operation::value));
      terms
          .budget()
          .ifPresent(budget -> values.putAll(BudgetFields.shown(new Budgets(List.of(budget)), "")));
      return values;
    }

    private static <T> Set<T> lines(String text, Function<String, T> read) {
      return text.lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .map(read)
          .collect(Collectors.toSet());
    }

    private static <T> String text(Collection<T> values, Function<T, String> write) {
      return values.stream().map(write).sorted().collect(Collectors.joining("\n"));
    }
  }
}
