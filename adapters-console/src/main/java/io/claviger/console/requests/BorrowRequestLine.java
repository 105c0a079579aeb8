package io.claviger.console.requests;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import java.time.Instant;
import java.util.List;

/**
 * A request as its viewer may know it.
 *
 * @param wanted a phrase for each part of what is asked for
 * @param mine whether the viewer asks
 * @param endedBy empty while it is open, and when they are gone
 */
public record BorrowRequestLine(
    String path,
    InstanceRef service,
    String asker,
    List<String> wanted,
    Instant askedAt,
    RequestState state,
    boolean mine,
    String endedBy) {
  public BorrowRequestLine {
    wanted = List.copyOf(wanted);
  }

  static BorrowRequestLine of(BorrowRequest request, UserId viewer) {
    return new BorrowRequestLine(
        RequestPages.pathOf(request.id()),
        request.serviceFor(viewer),
        request.asker().handle().value(),
        WishWords.of(request.terms()),
        request.askedAt(),
        request.state(),
        request.sideOf(viewer) == RequestSide.BY_ME,
        request.endedBy().map(Handle::value).orElse(""));
  }

  /** The state in words. */
  public String stateWord() {
    return isOpen() && !mine ? "waits for you" : state.wireName();
  }

  /** The style of the state. */
  public String tone() {
    return switch (state) {
      case OPEN -> mine ? "muted" : "warn";
      case GRANTED -> "ok";
      case DECLINED, WITHDRAWN -> "muted";
    };
  }

  public boolean isOpen() {
    return state == RequestState.OPEN;
  }
}
