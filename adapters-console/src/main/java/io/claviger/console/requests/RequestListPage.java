package io.claviger.console.requests;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.RequestFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists all requests that the viewer made or received. */
public final class RequestListPage implements ConsolePage {
  private static final String SIDE = "asked";
  private static final String STATE = "state";

  private final BorrowRequests requests;
  private final Views views;

  public RequestListPage(BorrowRequests requests, Views views) {
    this.requests = requests;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(Area.REQUESTS.path()).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Fields fields = Fields.ofQuery(visit);
    Optional<RequestSide> side = fields.optional(SIDE, RequestSide::of);
    Optional<RequestState> state = fields.optional(STATE, RequestState::of);
    RequestFilter filter = fields.check(() -> new RequestFilter(side, state));
    Page<BorrowRequest, TimeCursor> page =
        Problems.valueOf(requests.list(actor, filter, Paging.asked(visit, CursorFormat.TIME)));
    Links here =
        Links.to(Area.REQUESTS.path())
            .with(SIDE, side.map(RequestSide::wireName).orElse(""))
            .with(STATE, state.map(RequestState::wireName).orElse(""));
    views.show(
        visit,
        Area.REQUESTS,
        "Requests to borrow",
        "requests",
        new RequestListView(
            FormState.asked(visit, Set.of(SIDE, STATE)),
            page.items().stream()
                .map(request -> BorrowRequestLine.of(request, actor.id()))
                .toList(),
            Paging.next(page, CursorFormat.TIME, here)));
  }

  /**
   * One page of the list of the requests that the viewer made or received.
   *
   * @param filters the filters that say which requests are listed
   * @param next the address of the next page; null on the last page
   */
  public record RequestListView(
      FormState filters, List<BorrowRequestLine> requests, @Nullable String next) {
    public RequestListView {
      requests = List.copyOf(requests);
    }

    /** Whether at least one filter is set. */
    public boolean isFiltered() {
      return !filters.value("asked").isEmpty() || !filters.value("state").isEmpty();
    }
  }
}
