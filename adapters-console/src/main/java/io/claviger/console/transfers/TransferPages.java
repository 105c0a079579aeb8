package io.claviger.console.transfers;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.Transfers;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.transfers.Transfer;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the offers that the viewer made or received, and lets the viewer accept, decline and
 * withdraw them.
 */
public final class TransferPages implements ConsolePage {
  private static final String PATH = "/console/transfers";

  private final Transfers transfers;
  private final Views views;

  public TransferPages(Transfers transfers, Views views) {
    this.transfers = transfers;
    this.views = views;
  }

  /** Returns the address of an offer's page. */
  public static String pathOf(Transfer.Id transfer) {
    return PATH + "/" + transfer.value();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
    routes.pageAt(PATH + "/{id}").openGet(visitors.signedIn(this::show));
    routes.pageAt(PATH + "/{id}/accept").openPost(visitors.signedIn(this::accept));
    routes.pageAt(PATH + "/{id}/decline").openPost(visitors.signedIn(this::decline));
    routes.pageAt(PATH + "/{id}/withdraw").openPost(visitors.signedIn(this::withdraw));
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Page<Transfer, TimeCursor> page =
        Problems.valueOf(this.transfers.list(actor, Paging.asked(visit, CursorFormat.TIME)));
    views.show(
        visit,
        Area.TRANSFERS,
        "Transfers",
        "transfers",
        new TransferListView(
            page.items().stream().map(transfer -> TransferLine.of(transfer, actor)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH))));
  }

  private void show(Visit visit) {
    show(visit, 200, found(visit), FormState.EMPTY);
  }

  private void accept(Visit visit) {
    TransferLine offered = found(visit);
    submit(
        visit,
        NewHandlesForm.fields(offered),
        form -> {
          Problems.throwIfRefused(
              this.transfers.accept(
                  visit.signedIn().actor(),
                  id(visit),
                  NewHandlesForm.of(form, offered),
                  NewHandlesForm.lends(form, offered)));
        });
  }

  private void decline(Visit visit) {
    submit(
        visit,
        Set.of(),
        form -> {
          Problems.throwIfRefused(this.transfers.decline(visit.signedIn().actor(), id(visit)));
        });
  }

  private void withdraw(Visit visit) {
    submit(
        visit,
        Set.of(),
        form -> {
          Problems.throwIfRefused(this.transfers.withdraw(visit.signedIn().actor(), id(visit)));
        });
  }

  private void submit(Visit visit, Set<String> fields, Consumer<Form> act) {
    Submission.of(
        visit,
        fields,
        form -> {
          act.accept(form);
          return Area.HOME.path();
        },
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                found(visit),
                sent.with(problem, NewHandlesForm::fieldOf)));
  }

  private TransferLine found(Visit visit) {
    Actor actor = visit.signedIn().actor();
    return TransferLine.of(Problems.valueOf(this.transfers.find(actor, id(visit))), actor);
  }

  private void show(Visit visit, int status, TransferLine transfer, FormState form) {
    views.show(
        visit,
        status,
        Area.TRANSFERS,
        "Transfer from " + transfer.from() + " to " + transfer.to(),
        "transfer",
        new TransferView(transfer, NewHandlesForm.named(transfer, form), form));
  }

  private static Transfer.Id id(Visit visit) {
    try {
      return new Transfer.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of a transfer");
    }
  }

  /**
   * The page that lists the offers which the viewer made or received.
   *
   * @param next the address of the next page; null on the last page
   */
  public record TransferListView(List<TransferLine> transfers, @Nullable String next) {
    public TransferListView {
      transfers = List.copyOf(transfers);
    }
  }

  /**
   * The page of an offer.
   *
   * @param named the services and projects for which the form has a field for a new handle
   */
  public record TransferView(TransferLine transfer, List<TransferLine.Item> named, FormState form) {
    public TransferView {
      named = List.copyOf(named);
    }
  }
}
