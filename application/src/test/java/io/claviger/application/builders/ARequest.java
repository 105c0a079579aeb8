package io.claviger.application.builders;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Builds open requests to borrow. */
public final class ARequest {
  private final User asker;
  private final Instance service;
  private RequestedTerms terms = RequestedTerms.of(Role.WRITER);
  private Optional<RequestNote> note = Optional.empty();
  private Instant at = Instant.parse("2026-02-03T04:05:06.789012Z");

  private ARequest(User asker, Instance service) {
    this.asker = asker;
    this.service = service;
  }

  public static ARequest of(User asker, Instance service) {
    return new ARequest(asker, service);
  }

  public ARequest asking(RequestedTerms wanted) {
    terms = wanted;
    return this;
  }

  public ARequest saying(String text) {
    note = Optional.of(new RequestNote(text));
    return this;
  }

  public ARequest at(Instant time) {
    at = time;
    return this;
  }

  public BorrowRequest build() {
    return new BorrowRequest(
        new BorrowRequest.Id(UUID.randomUUID()),
        new BorrowRequest.Service(service.id(), service.owner(), service.ref(), service.ref()),
        new BorrowRequest.Asker(asker.id(), asker.handle()),
        terms,
        note,
        RequestState.OPEN,
        at,
        Optional.empty(),
        Optional.empty());
  }
}
