package io.claviger.console.instances;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.UsageReports;
import io.claviger.console.budgetreports.BudgetLine;
import io.claviger.console.budgetreports.BudgetPages;
import io.claviger.console.budgetreports.BudgetTrialPages;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.console.requests.AskPages;
import io.claviger.console.usage.RecentUsage;
import io.claviger.console.usage.RecentUsage.RecentView;
import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the overview of a service: its settings, its usage, and the viewer's limits. */
public final class ServicePage implements ConsolePage {
  private final Instances instances;
  private final BudgetReports budgetReports;
  private final ConnectionChecks connectionChecks;
  private final RejectedKeys rejectedKeys;
  private final RecentUsage recentUsage;
  private final Views views;

  public ServicePage(
      Instances instances,
      BudgetReports budgetReports,
      ConnectionChecks connectionChecks,
      RejectedKeys rejectedKeys,
      UsageReports usageReports,
      Views views) {
    this.instances = instances;
    this.budgetReports = budgetReports;
    this.connectionChecks = connectionChecks;
    this.rejectedKeys = rejectedKeys;
    this.recentUsage = new RecentUsage(usageReports);
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    String path = ServiceAddress.PATTERN;
    routes
        .pageAt(path)
        .openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY, null)));
    routes.pageAt(path + "/check").openPost(visitors.signedIn(this::check));
    routes.pageAt(path + "/enabled").openPost(visitors.signedIn(this::enable));
  }

  /**
   * Checks the connection to the provider, and answers with the page. The answer is not a redirect,
   * so reloading the page repeats the check, which does no harm.
   */
  private void check(Visit visit) {
    var unused = visit.form();
    CheckLine found =
        CheckLine.of(connectionChecks.check(visit.signedIn().actor(), ServiceAddress.of(visit)));
    show(visit, 200, FormState.EMPTY, found);
  }

  private void enable(Visit visit) {
    Submission.of(
        visit,
        form -> {
          boolean enabled = form.value("enabled").orElse("").equals("true");
          Instance.Ref service = ServiceAddress.of(visit);
          Problems.throwIfRefused(
              instances.patch(
                  visit.signedIn().actor(),
                  service,
                  Versions.unchanged(form.value(Versions.FIELD).orElse("")),
                  Writes.enabled(enabled)));
          return ServiceAddress.path(service);
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem), null));
  }

  /**
   * @param check the result of a check that has just been made; null if no check was made
   */
  private void show(Visit visit, int status, FormState form, @Nullable CheckLine check) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    ServiceHead head = ServiceHead.of(actor, view, ServiceTab.OVERVIEW);
    Instance.Ref service = view.instance().ref();
    views.show(
        visit,
        status,
        Area.SERVICES,
        service.toString(),
        "service",
        new ServiceView(
            head,
            ServiceFacts.of(view),
            recentUsage.ofService(actor, service, LocalDate.now(ZoneOffset.UTC)).orElse(null),
            allowance(actor, view, head.rights()),
            rejections(actor, service),
            form,
            check));
  }

  /**
   * Returns the limits and budgets of the viewer's use of the service. Although owners may see the
   * budgets of all callers, this page shows them only the budgets that limit their own calls.
   */
  private ServiceView.Allowance allowance(Actor actor, InstanceView view, ServiceRights rights) {
    Instance.Ref service = view.instance().ref();
    BudgetFilter mine =
        new BudgetFilter(
            Optional.of(service),
            rights.seeShares() ? Optional.of(actor.handle()) : Optional.empty(),
            Optional.empty());
    List<BudgetReport> budgets =
        rights.use()
            ? Problems.valueOf(
                    budgetReports.list(actor, mine, new PageRequest<>(Optional.empty(), 1)))
                .items()
            : List.of();
    List<String> limits = rights.use() ? LimitWords.ofAllButBudgets(view.myLimits()) : List.of();
    return new ServiceView.Allowance(
        limits,
        budgets.stream().map(report -> BudgetLine.of(report, actor.handle())).toList(),
        BudgetPages.of(service));
  }

  private List<ServiceView.Rejection> rejections(Actor actor, Instance.Ref service) {
    return rejectedKeys.list(actor, service).stream()
        .map(key -> new ServiceView.Rejection(key.own(), key.since().toString(), key.status()))
        .toList();
  }

  /** Changes of a single setting of a service. */
  static final class Writes {
    /** The change that removes the stored credential, whatever its kind is. */
    static final InstanceWrite NO_CREDENTIAL =
        write(FieldWrites.NONE, Field.absent()).withCredential(Field.ofNull());

    private Writes() {}

    /**
     * Stores a key.
     *
     * @param endpoint the endpoint that the page showed when the user typed the key
     */
    static InstanceWrite key(Secret key, Endpoint endpoint) {
      return write(
          FieldWrites.NONE.with(DefinitionFields.ENDPOINT, Field.of(endpoint)), Field.of(key));
    }

    static InstanceWrite enabled(boolean enabled) {
      return write(
          FieldWrites.NONE.with(InstanceField.ENABLED.scalar(), Field.of(enabled)), Field.absent());
    }

    private static InstanceWrite write(FieldWrites fields, Field<Secret> key) {
      return new InstanceWrite(Field.absent(), new SettingsWrite(fields), key, Field.absent());
    }
  }

  /** The settings of a service in the form in which its page shows them. */
  private static final class ServiceFacts {
    private ServiceFacts() {}

    static List<Fact> of(InstanceView view) {
      Instance instance = view.instance();
      List<Fact> facts = Fact.of(instance.settings().scalars(), InstanceField.scalars());
      instance.definitionRef().ifPresent(ref -> facts.add(new Fact("Definition", ref.toString())));
      if (!instance.customHeaderNames().isEmpty()) {
        facts.add(
            new Fact(
                "Custom headers",
                instance.customHeaderNames().stream()
                    .map(HeaderName::value)
                    .collect(Collectors.joining(", "))));
      }
      facts.add(new Fact("Caches of callers", caches(instance.settings().naming())));
      facts.add(new Fact("References to stored things", references(instance.settings())));
      facts.add(new Fact("Calls use", policy(instance.keyPolicy())));
      if (!instance.settings().limits().isNone()) {
        facts.add(
            new Fact("Limits of each caller", LimitWords.stored(instance.settings().limits())));
      }
      List<String> inAll =
          LimitWords.inAll(
              view.limitsInAll().orElse(LimitsInAll.NONE),
              view.budgetsInAll().orElse(Budgets.NONE));
      if (!inAll.isEmpty()) {
        facts.add(new Fact("Limits of all callers together", String.join(", ", inAll)));
      }
      allowed(instance.settings().providerLimits())
          .ifPresent(words -> facts.add(new Fact("The provider allows", words)));
      instance
          .settings()
          .capacity()
          .group()
          .ifPresent(
              group ->
                  facts.add(
                      new Fact(
                          "Shares its account with",
                          "the services of group %s; the lowest limits apply"
                              .formatted(group.value()))));
      view.role().ifPresent(role -> facts.add(new Fact("Your role", role(view, role))));
      view.until().ifPresent(end -> facts.add(new Fact("Your share ends", end.toString(), true)));
      return facts;
    }

    private static Optional<String> allowed(ProviderLimits limits) {
      List<String> words = new ArrayList<>();
      limits
          .perMinute()
          .each()
          .forEach(
              (limit, most) ->
                  words.add(
                      Numbers.shown(most)
                          + switch (limit) {
                            case REQUESTS_PER_MINUTE -> " requests a minute";
                            case TOKENS_PER_MINUTE -> " tokens a minute";
                            case INPUT_TOKENS_PER_MINUTE -> " input tokens a minute";
                            case OUTPUT_TOKENS_PER_MINUTE -> " output tokens a minute";
                          }));
      limits
          .concurrentCalls()
          .ifPresent(most -> words.add(Numbers.shown(most) + " calls at a time"));
      return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
    }

    private static String role(InstanceView view, Role role) {
      return role.wireName() + view.via().map(group -> ", by @" + group).orElse("");
    }

    private static String caches(NamingRules naming) {
      return switch (naming.cacheSeparation()) {
        case HINT -> "each caller has names of their own";
        case NONE -> "callers may find each other's prompts";
      };
    }

    private static String references(InstanceSettings settings) {
      return switch (settings.recognition()) {
        case FORMS -> "are found anywhere, by the form of their ids";
        case PLACES -> "are found in known places only";
      };
    }

    private static String policy(KeyPolicy policy) {
      if (!policy.userKeys()) {
        return "the stored key";
      }
      return policy.fallbackToCentral()
          ? "the caller's own key, or else the stored one"
          : "the caller's own key";
    }
  }

  /**
   * The page with the overview of a service.
   *
   * @param recent the usage of the last 30 days; null if nothing was used
   * @param allowance the limits and budgets of the viewer's use of the service
   * @param rejections the rejected keys that the viewer can replace
   * @param form the form of a refused change; empty if no change was refused
   * @param check the result of a check that has just been made; null if no check was made
   */
  public record ServiceView(
      ServiceHead head,
      List<Fact> facts,
      @Nullable RecentView recent,
      Allowance allowance,
      List<Rejection> rejections,
      FormState form,
      @Nullable CheckLine check) {
    public ServiceView {
      facts = List.copyOf(facts);
      rejections = List.copyOf(rejections);
    }

    public ServiceRights rights() {
      return head.rights();
    }

    public String path() {
      return head.path();
    }

    /**
     * Returns the address of the page on which the viewer can request more rights on the service
     * from its owner.
     */
    public String askPath() {
      return AskPages.pathFor(head.line().ref());
    }

    public String trialPath() {
      return BudgetTrialPages.of(head.line().ref());
    }

    /**
     * The limits and budgets of the viewer's use of the service.
     *
     * @param limits the limits, each as a phrase
     * @param budgets the budgets that limit the viewer's calls, and how much is left of each
     * @param all a link to the page with the budgets of all callers of the service
     */
    public record Allowance(List<String> limits, List<BudgetLine> budgets, String all) {
      public Allowance {
        limits = List.copyOf(limits);
        budgets = List.copyOf(budgets);
      }
    }

    /**
     * A key that the provider rejects.
     *
     * @param own whether the key is the viewer's own key for the service
     * @param since the time of the first rejection of the key (ISO 8601)
     * @param status the HTTP status of the provider's answer
     */
    public record Rejection(boolean own, String since, int status) {}
  }
}
