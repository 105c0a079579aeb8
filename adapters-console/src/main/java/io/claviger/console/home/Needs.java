package io.claviger.console.home;

import io.claviger.application.approvals.Approvals;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.Transfers;
import io.claviger.console.approvals.ApprovalPages;
import io.claviger.console.home.HomePage.HomeView;
import io.claviger.console.page.Area;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.transfers.TransferPages;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.Instance;
import io.claviger.web.problems.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds the tasks that the viewer has to do. */
final class Needs {
  private static final Duration SOON = Duration.ofDays(7);

  /**
   * The maximum number of services that the page names for the same reason. If there are more
   * services, the page says how many.
   */
  private static final int NAMED = 10;

  /**
   * If at least this many changes wait, the page does not give their number, but says that there
   * are many.
   */
  private static final int MANY = 200;

  private final Instances instances;
  private final Transfers transfers;
  private final Approvals approvals;
  private final int keyAgeDays;

  Needs(Instances instances, Transfers transfers, Approvals approvals, int keyAgeDays) {
    this.instances = instances;
    this.transfers = transfers;
    this.approvals = approvals;
    this.keyAgeDays = keyAgeDays;
  }

  /**
   * Returns a task if changes by other users wait for the actor's consent; empty if there are no
   * such changes.
   */
  List<HomeView.PendingTask> approvals(Actor actor) {
    if (!actor.mayManage()) {
      return List.of();
    }
    long count =
        Paging.<Approval, TimeCursor>all(page -> Problems.valueOf(approvals.list(actor, page)))
            .filter(approval -> !approval.asker().equals(actor.id()))
            .filter(approval -> !approval.hasConsentOf(actor.id()))
            .limit(MANY)
            .count();
    if (count == 0) {
      return List.of();
    }
    if (count == 1) {
      return List.of(
          new HomeView.PendingTask("A change of a service waits for consent.", ApprovalPages.PATH));
    }
    String number = count == MANY ? "Many" : count + "";
    return List.of(
        new HomeView.PendingTask(
            number + " changes of services wait for consent.", ApprovalPages.PATH));
  }

  /** Returns a task for each open offer of services or projects to the actor. */
  List<HomeView.PendingTask> transfers(Actor actor) {
    if (!actor.mayManage()) {
      return List.of();
    }
    return Problems.valueOf(transfers.openTo(actor)).stream()
        .map(
            transfer ->
                new HomeView.PendingTask(
                    transfer.from().handle()
                        + " offers you "
                        + (transfer.items().size() == 1
                            ? "a " + transfer.items().get(0).kind().wireName()
                            : transfer.items().size() + " services and projects")
                        + ".",
                    TransferPages.pathOf(transfer.id())))
        .toList();
  }

  /**
   * Returns the services that need attention, because they lack a key, or have an unconfirmed
   * credential, an old key, or shares that end soon.
   */
  List<HomeView.PendingTask> ofServices(Actor actor) {
    return Stream.of(
            named(
                instances.withoutKey(actor),
                Needs::withoutKey,
                " more services have no key, or a credential to confirm."),
            named(
                instances.endingSoon(actor, SOON),
                Needs::ending,
                " more shares that you have end within a week."),
            named(
                instances.withOldKeys(actor, Duration.ofDays(keyAgeDays)),
                this::oldKey,
                " more keys are older than %d days.".formatted(keyAgeDays)))
        .flatMap(Function.identity())
        .toList();
  }

  private HomeView.PendingTask oldKey(InstanceView view) {
    Instance instance = view.instance();
    boolean key = instance.credentialKind() == CredentialKind.API_KEY;
    return new HomeView.PendingTask(
        "Replace the %s of %s, which is older than %d days. It has been stored since"
            .formatted(key ? "key" : "secret", instance.ref(), keyAgeDays),
        ServiceAddress.path(instance.ref()) + (key ? "/key" : "/credential"),
        instance.apiKeySetAt().map(Instant::toString).orElse(null));
  }

  private static Stream<HomeView.PendingTask> named(
      List<InstanceView> views, Function<InstanceView, HomeView.PendingTask> need, String more) {
    Stream<HomeView.PendingTask> first = views.stream().limit(NAMED).map(need);
    if (views.size() <= NAMED) {
      return first;
    }
    String count = views.size() == Instances.MOST_LISTED ? "Many" : views.size() - NAMED + "";
    return Stream.concat(
        first, Stream.of(new HomeView.PendingTask(count + more, Area.SERVICES.path())));
  }

  private static HomeView.PendingTask withoutKey(InstanceView view) {
    Instance.Ref service = view.instance().ref();
    if (view.instance().credential().kind().isConfirmed()) {
      return new HomeView.PendingTask(
          "Confirm where the credential of " + service + " is used. Calls are refused until then.",
          ServiceAddress.path(service) + "/credential/confirm");
    }
    return new HomeView.PendingTask(
        service + " has no key, so calls to it are refused.",
        ServiceAddress.path(service) + "/key");
  }

  private static HomeView.PendingTask ending(InstanceView view) {
    Instance.Ref service = view.instance().ref();
    return new HomeView.PendingTask(
        "Your share of " + service + " ends on",
        ServiceAddress.path(service),
        view.until().map(Instant::toString).orElse(null));
  }
}
