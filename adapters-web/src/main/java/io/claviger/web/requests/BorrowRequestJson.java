package io.claviger.web.requests;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.LimitsJson;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

/**
 * A user's request to borrow a service, as the API shows it.
 *
 * @param asked the viewer's part in the request, which is {@code by_me} if the viewer made the
 *     request, and {@code of_me} if the viewer received it
 * @param service the reference of the service. The asker sees the reference from the request, and
 *     other viewers see the present reference
 * @param share the terms that the asker would get by a grant of the request, or has got. Present
 *     only if a single request is shown and the viewer may decide about this request
 * @param leavesPool the group whose pooled limits would no longer apply to the asker after a grant
 *     of the request
 */
record BorrowRequestJson(
    UUID id,
    String state,
    String asked,
    String service,
    String user,
    Optional<String> role,
    Optional<List<String>> models,
    Optional<List<String>> operations,
    Optional<BudgetJson> budget,
    Optional<Instant> until,
    Optional<String> note,
    Instant createdAt,
    Optional<Instant> endedAt,
    Optional<String> endedBy,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<TermsJson> share,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> leavesPool) {

  static BorrowRequestJson of(BorrowRequest request, User.Id viewer) {
    return of(request, viewer, Optional.empty(), Optional.empty());
  }

  static BorrowRequestJson of(BorrowRequest request, User.Id viewer, Share given) {
    return of(
        request,
        viewer,
        Optional.of(TermsJson.of(given.terms(), OptionalLong.of(given.version()))),
        Optional.empty());
  }

  static BorrowRequestJson proposed(
      BorrowRequest request, User.Id viewer, Optional<BorrowRequests.GrantProposal> proposal) {
    return of(
        request,
        viewer,
        proposal.map(each -> TermsJson.of(each.terms(), each.shareVersion())),
        proposal.flatMap(BorrowRequests.GrantProposal::leavesPool));
  }

  private static BorrowRequestJson of(
      BorrowRequest request,
      User.Id viewer,
      Optional<TermsJson> share,
      Optional<Handle> leavesPool) {
    RequestedTerms terms = request.terms();
    RequestSide side = request.sideOf(viewer);
    return new BorrowRequestJson(
        request.id().value(),
        request.state().wireName(),
        side.wireName(),
        request.serviceFor(viewer).toString(),
        request.asker().handle().value(),
        terms.role().map(Role::wireName),
        texts(terms.models(), ModelPattern::value),
        texts(terms.operations(), Operation::value),
        terms.budget().map(BudgetJson::of),
        terms.until(),
        request.note().map(RequestNote::text),
        request.askedAt(),
        request.endedAt(),
        request.endedBy().map(Handle::value),
        share,
        leavesPool.map(Handle::value));
  }

  private static <T> Optional<List<String>> texts(Collection<T> values, Function<T, String> text) {
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.stream().map(text).sorted().toList());
  }

  /**
   * The terms of a share, as a client can send them to give the share.
   *
   * @param version the version of the asker's present share; empty if the asker has none
   */
  record TermsJson(
      String role,
      boolean mayReshare,
      boolean toEverybody,
      Optional<Instant> expiresAt,
      LimitsJson limits,
      int weight,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) OptionalLong version) {
    static TermsJson of(Share.Terms terms, OptionalLong version) {
      return new TermsJson(
          terms.role().wireName(),
          terms.mayReshare(),
          terms.toEverybody(),
          terms.expiresAt(),
          LimitsJson.of(terms.limits()),
          terms.weight().value(),
          version);
    }
  }
}
