package io.claviger.console.home;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.RequestFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.home.HomePage.HomeView;
import io.claviger.console.page.Area;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.requests.RequestPages;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.web.problems.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Informs lenders about open requests for access, and the users who made requests (the askers)
 * about the answers.
 */
final class RequestNews {
  /** The time for which an answer to a request stays among the asker's news. */
  private static final Duration NEWS_FOR = Duration.ofDays(7);

  /**
   * The maximum number of open requests that the page names. If there are more open requests, the
   * page shows their number.
   */
  private static final int NAMED = 5;

  /**
   * If at least this many requests are open, the page does not give their number, but says that
   * there are many.
   */
  private static final int MANY = 200;

  private final BorrowRequests requests;

  RequestNews(BorrowRequests requests) {
    this.requests = requests;
  }

  List<HomeView.PendingTask> of(Actor actor) {
    if (!actor.mayManage()) {
      return List.of();
    }
    Instant since = Instant.now().minus(NEWS_FOR);
    return Stream.of(
            waiting(
                listed(
                        actor,
                        new RequestFilter(
                            Optional.of(RequestSide.OF_ME), Optional.of(RequestState.OPEN)))
                    .limit(MANY)
                    .toList()),
            answered(actor, RequestState.GRANTED, since),
            answered(actor, RequestState.DECLINED, since))
        .flatMap(List::stream)
        .toList();
  }

  private Stream<BorrowRequest> listed(Actor actor, RequestFilter filter) {
    return Paging.<BorrowRequest, TimeCursor>all(
        page -> Problems.valueOf(requests.list(actor, filter, page)));
  }

  private static List<HomeView.PendingTask> waiting(List<BorrowRequest> open) {
    if (open.size() > NAMED) {
      return List.of(
          new HomeView.PendingTask(
              (open.size() == MANY ? "Many" : open.size() + "")
                  + " requests to borrow wait for you.",
              Links.to(Area.REQUESTS.path())
                  .with("asked", RequestSide.OF_ME.wireName())
                  .with("state", RequestState.OPEN.wireName())
                  .toString()));
    }
    return open.stream()
        .map(
            request ->
                new HomeView.PendingTask(
                    request.asker().handle() + " asks for more of " + request.service().ref() + ".",
                    RequestPages.pathOf(request.id())))
        .toList();
  }

  private List<HomeView.PendingTask> answered(Actor actor, RequestState state, Instant since) {
    return listed(
            actor,
            new RequestFilter(
                Optional.of(RequestSide.BY_ME), Optional.of(state), Optional.of(since)))
        .map(
            request ->
                new HomeView.PendingTask(
                    "Your request for "
                        + request.service().askedAs()
                        + " was "
                        + request.state().wireName()
                        + ".",
                    RequestPages.pathOf(request.id())))
        .toList();
  }
}
