package io.claviger.console.transfers;

import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.console.page.Area;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferId;
import io.claviger.domain.transfers.TransferState;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;

/** Accepts, declines and withdraws an offer. */
public final class TransferPages {
  /** The beginning of the address of an offer. */
  public static final String PATH = "/console/transfers/";

  private final Transfers transfers;
  private final Views views;

  public TransferPages(Transfers transfers, Views views) {
    this.transfers = transfers;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    String path = PATH + "{id}";
    routes.pageAt(path).openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY)));
    routes.pageAt(path + "/accept").openPost(visitors.signedIn(this::accept));
    routes.pageAt(path + "/decline").openPost(visitors.signedIn(this::decline));
    routes.pageAt(path + "/withdraw").openPost(visitors.signedIn(this::withdraw));
  }

  private void accept(Visit visit) {
    end(
        visit,
        id -> {
          Transfer unused =
              Problems.valueOf(transfers.accept(visit.signedIn().actor(), id, NewHandles.NONE));
        });
  }

  private void decline(Visit visit) {
    end(
        visit,
        id -> {
          Transfer unused = Problems.valueOf(transfers.decline(visit.signedIn().actor(), id));
        });
  }

  private void withdraw(Visit visit) {
    end(
        visit,
        id -> {
          TransferId unused = Problems.valueOf(transfers.withdraw(visit.signedIn().actor(), id));
        });
  }

  private void end(Visit visit, Consumer<TransferId> how) {
    Form unused = visit.form();
    try {
      how.accept(id(visit));
      visit.redirect("/console");
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      show(visit, problem.status(), FormState.EMPTY.with(problem));
    }
  }

  private void show(Visit visit, int status, FormState form) {
    var actor = visit.signedIn().actor();
    Transfer transfer = Problems.valueOf(transfers.find(actor, id(visit)));
    views.show(
        visit,
        status,
        Area.HOME,
        "An offer of " + transfer.from().handle(),
        "transfer",
        new TransferModel(
            PATH + transfer.id().value(),
            transfer.from().handle().value(),
            transfer.to().handle().value(),
            transfer.items().stream()
                .map(item -> new TransferModel.Item(item.kind().wireName(), item.handle().value()))
                .toList(),
            transfer.expiresAt().toString(),
            transfer.state().name().toLowerCase(Locale.ROOT),
            transfer.state() == TransferState.OFFERED,
            transfer.to().id().equals(actor.id()),
            form));
  }

  private static TransferId id(Visit visit) {
    try {
      return new TransferId(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of an offer");
    }
  }
}
