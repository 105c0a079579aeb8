package io.claviger.console.home;

import io.claviger.application.approvals.Approvals;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.usage.UsageReports;
import io.claviger.console.budgetreports.BudgetLine;
import io.claviger.console.instances.ServiceLine;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.console.usage.RecentUsage;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Pages;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows the services that the viewer may use, and the tasks that the viewer has to do. */
public final class HomePage implements ConsolePage {
  private static final int SHOWN = 10;
  private static final String MONTH = "/console/this-month";

  private final Instances instances;
  private final BudgetReports budgetReports;
  private final Views views;
  private final Needs needs;
  private final RequestNews requestNews;
  private final KeyNews keyNews;
  private final TokenNews tokenNews;
  private final RecentUsage recentUsage;

  public HomePage(
      Instances instances,
      BorrowRequests borrowRequests,
      Transfers transfers,
      Approvals approvals,
      BudgetReports budgetReports,
      RejectedKeys rejectedKeys,
      UsageReports usageReports,
      AuditEvents auditEvents,
      Pages.Settings settings,
      Views views) {
    this.instances = instances;
    this.budgetReports = budgetReports;
    this.views = views;
    this.needs = new Needs(instances, transfers, approvals, settings.keyAgeDays());
    this.requestNews = new RequestNews(borrowRequests);
    this.tokenNews = new TokenNews(auditEvents);
    this.keyNews = new KeyNews(rejectedKeys);
    this.recentUsage = new RecentUsage(usageReports);
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(Area.HOME.path()).openGet(visitors.signedIn(this::show));
    routes.pageAt(MONTH).openGet(visitors.signedInPart(this::showMonth));
  }

  /**
   * Answers with the cost of the current month. The page requests the cost after the page has
   * loaded, because the cost takes longer to read than everything else.
   */
  private void showMonth(Visit visit) {
    views.part(
        visit,
        "monthOfHome",
        "recent",
        recentUsage.month(visit.signedIn().actor(), LocalDate.now(ZoneOffset.UTC)).orElse(null));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    var services =
        Problems.valueOf(
            instances.list(
                actor,
                actor.handle(),
                InstanceFilter.NONE,
                new PageRequest<Instance.Ref>(Optional.empty(), SHOWN)));
    List<InstanceView> first = services.items();
    List<HomeView.PendingTask> all = new ArrayList<>(keyNews.of(actor));
    all.addAll(tokenNews.of(actor));
    all.addAll(needs.transfers(actor));
    all.addAll(needs.approvals(actor));
    all.addAll(requestNews.of(actor));
    all.addAll(needs.ofServices(actor));
    RemainingBudgets remaining = RemainingBudgets.of(budgetReports, actor);
    all.addAll(remaining.needs());
    views.show(
        visit,
        Area.HOME,
        "Home",
        "home",
        new HomeView(
            all,
            first.stream().map(ServiceLine::of).toList(),
            remaining.ofServices(),
            remaining.tightest(),
            services.next().isPresent()));
  }

  /**
   * Tells people that somebody else has presented one of their tokens, or a token of their service
   * accounts.
   */
  private static final class TokenNews {
    /** The time after an event during which the page shows a message about it. */
    private static final Duration NEW = Duration.ofDays(7);

    private final AuditEvents events;

    TokenNews(AuditEvents events) {
      this.events = events;
    }

    List<HomeView.PendingTask> of(Actor actor) {
      if (!actor.mayManage()) {
        return List.of();
      }
      Instant since = Instant.now().minus(NEW);
      return Stream.concat(
              ofPerson(actor, since),
              Stream.concat(
                  ofAccounts(actor, AuditAction.TOKEN_LEAKED, since),
                  ofAccounts(actor, AuditAction.TOKEN_BOUND, since)))
          .toList();
    }

    /**
     * The message links to the page with the account's tokens, and not to the audit trail: in the
     * audit trail, only the account itself sees the events about its tokens.
     */
    private Stream<HomeView.PendingTask> ofAccounts(
        Actor actor, AuditAction action, Instant since) {
      return events.newestOfAccounts(actor, action, since).stream()
          .map(
              event -> {
                String account = event.target().ref();
                return new HomeView.PendingTask(
                    action == AuditAction.TOKEN_LEAKED
                        ? "Somebody reported that a token of the service account "
                            + account
                            + " leaked, and it has ended. Give the account another token, and ask"
                            + " an administrator to check what was done with the old one. It ended"
                            + " at"
                        : "A token of the service account "
                            + account
                            + " was presented from "
                            + event.address()
                            + ", to which it is not bound. If that was no program of yours, revoke"
                            + " it. It was refused at",
                    Area.PEOPLE.path(account) + "/access",
                    event.at().toString());
              });
    }

    private Stream<HomeView.PendingTask> ofPerson(Actor actor, Instant since) {
      return Stream.of(
              last(actor, AuditAction.TOKEN_LEAKED, since)
                  .map(
                      event ->
                          new HomeView.PendingTask(
                              "Somebody reported that a token of yours leaked, and it has ended."
                                  + " Check what was done with it. It ended at",
                              "/console/audit?action=token.leaked",
                              event.at().toString())),
              last(actor, AuditAction.TOKEN_BOUND, since)
                  .map(
                      event ->
                          new HomeView.PendingTask(
                              "A token of yours was presented from "
                                  + event.address()
                                  + ", to which it is not bound. If that was not you, revoke it. It"
                                  + " was refused at",
                              "/console/account#tokens",
                              event.at().toString())))
          .flatMap(Optional::stream);
    }

    private Optional<AuditEvent> last(Actor actor, AuditAction action, Instant since) {
      AuditFilter about =
          new AuditFilter(
              Optional.empty(),
              Optional.of(action),
              Optional.of(new AuditSubject.ById(actor.id().value())),
              Optional.empty(),
              new TimeSpan(Optional.of(since), Optional.empty()));
      return Problems.valueOf(
              events.list(actor, about, new PageRequest<TimeCursor>(Optional.empty(), 1)))
          .items()
          .stream()
          .findFirst();
    }
  }

  /** Tells users about rejected keys that they can replace. */
  private static final class KeyNews {
    /**
     * The maximum number of rejected keys that the page names. If more keys are rejected, the page
     * says how many.
     */
    private static final int NAMED = 10;

    private final RejectedKeys keys;

    KeyNews(RejectedKeys keys) {
      this.keys = keys;
    }

    List<HomeView.PendingTask> of(Actor actor) {
      List<RejectedKey> rejected = keys.list(actor);
      List<HomeView.PendingTask> named =
          new ArrayList<>(rejected.stream().limit(NAMED).map(KeyNews::need).toList());
      if (rejected.size() > NAMED) {
        String count = rejected.size() == RejectedKeys.MOST ? "Many" : rejected.size() - NAMED + "";
        named.add(
            new HomeView.PendingTask(count + " more keys are rejected.", "/console/services"));
      }
      return named;
    }

    private static HomeView.PendingTask need(RejectedKey key) {
      return new HomeView.PendingTask(
          "Replace "
              + (key.own() ? "your own key for " : "the key of ")
              + key.ref()
              + ": the provider has rejected it since",
          ServiceAddress.path(key.ref()) + (key.own() ? "/key#own-key" : "/key"),
          key.since().toString());
    }
  }

  /**
   * The content of the console's first page.
   *
   * @param needs the tasks that the viewer has to do
   * @param services the first services that the viewer may use
   * @param left the phrases that say how much of a service's budgets is left, keyed by the
   *     references of the services with budgets
   * @param tightest the budgets that are closest to being used up, to be shown as bars
   * @param hasMore whether there are more services than those in {@code services}
   */
  public record HomeView(
      List<PendingTask> needs,
      List<ServiceLine> services,
      Map<String, String> left,
      List<BudgetLine> tightest,
      boolean hasMore) {
    public HomeView {
      needs = List.copyOf(needs);
      services = List.copyOf(services);
      left = Map.copyOf(left);
      tightest = List.copyOf(tightest);
    }

    /**
     * A task that the viewer has to do.
     *
     * @param path the page on which the viewer can deal with the task
     * @param at the time with which the sentence ends (ISO 8601); null if the sentence contains no
     *     time
     */
    public record PendingTask(String what, String path, @Nullable String at) {
      PendingTask(String what, String path) {
        this(what, path, null);
      }
    }
  }
}
