package io.claviger.console.home;

import io.claviger.application.UseCases;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.transfers.TransferPages;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.transfers.TransferState;
import io.claviger.web.problems.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what waits for somebody. */
final class Needs {
  private static final Duration SOON = Duration.ofDays(7);

  private final UseCases useCases;

  Needs(UseCases useCases) {
    this.useCases = useCases;
  }

  /** Returns the open offers that were made to the actor. */
  List<HomeModel.Need> transfers(Actor actor) {
    if (!actor.mayManage()) {
      return List.of();
    }
    return Problems.valueOf(
            useCases
                .transfers()
                .list(actor, new PageRequest<TimeCursor>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .filter(transfer -> transfer.state() == TransferState.OFFERED)
        .filter(transfer -> transfer.to().id().equals(actor.id()))
        .map(
            transfer ->
                new HomeModel.Need(
                    transfer.from().handle()
                        + " offers you "
                        + (transfer.items().size() == 1
                            ? "a " + transfer.items().get(0).kind().wireName()
                            : transfer.items().size() + " services and projects")
                        + ".",
                    TransferPages.pathOf(transfer.id())))
        .toList();
  }

  /** Returns what some services need: those without a key, and shares that end soon. */
  List<HomeModel.Need> ofServices(Actor actor, List<InstanceView> services) {
    Stream<HomeModel.Need> withoutKey =
        services.stream()
            .filter(view -> view.role().equals(Optional.of(Role.OWNER)))
            .filter(view -> view.instance().enabled() && !view.hasEffectiveApiKey())
            .map(view -> view.instance().ref())
            .map(
                ref ->
                    new HomeModel.Need(
                        ref + " has no key, so nobody can call it.",
                        ServiceAddress.path(ref) + "#key"));
    Instant soon = Instant.now().plus(SOON);
    Stream<HomeModel.Need> endingSoon =
        services.stream()
            .flatMap(
                view ->
                    view.until().filter(end -> end.isBefore(soon)).stream()
                        .map(end -> ending(view.instance().ref(), end)));
    return Stream.concat(withoutKey, endingSoon).toList();
  }

  private static HomeModel.Need ending(InstanceRef service, Instant end) {
    return new HomeModel.Need(
        "Your share of " + service + " ends:", ServiceAddress.path(service), end.toString());
  }
}
