package io.claviger.web.approvals;

import io.claviger.application.approvals.Approvals;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.approvals.Approval;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/approvals}. */
public final class ApprovalRoutes implements RouteGroup {
  private static final String APPROVALS = "/v1/approvals";

  private final Approvals approvals;

  public ApprovalRoutes(Approvals approvals) {
    this.approvals = approvals;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(APPROVALS).get(this::list, "limit", "cursor");
    routes.at(APPROVALS + "/{id}").get(this::show);
    routes.at(APPROVALS + "/{id}/approve").post(this::approve);
    routes.at(APPROVALS + "/{id}/decline").post(this::decline);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(approvals.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        ApprovalJson::of);
  }

  private void show(ApiCall call) {
    call.ok(ApprovalJson.of(Problems.valueOf(approvals.find(call.actor(), id(call)))));
  }

  private void approve(ApiCall call) {
    call.emptyBody();
    call.ok(ApprovalJson.of(Problems.valueOf(approvals.approve(call.actor(), id(call)))));
  }

  private void decline(ApiCall call) {
    call.emptyBody();
    call.ok(ApprovalJson.of(Problems.valueOf(approvals.decline(call.actor(), id(call)))));
  }

  private static Approval.Id id(ApiCall call) {
    return new Approval.Id(call.id("id"));
  }

  /**
   * A change that waits for consent, as the API shows it. The answer never contains sealed values,
   * such as keys.
   */
  record ApprovalJson(
      UUID id,
      String service,
      String kind,
      List<String> fields,
      List<Change> changes,
      String askedBy,
      List<String> consents,
      int needs,
      String state,
      Instant createdAt,
      Instant until,
      Optional<Instant> endedAt,
      Optional<String> reason) {

    record Change(String field, Optional<String> before, Optional<String> after) {}

    static ApprovalJson of(Approval approval) {
      return new ApprovalJson(
          approval.id().value(),
          approval.ref().toString(),
          approval.kind().wireName(),
          approval.fields(),
          approval.terms().stream()
              .map(term -> new Change(term.field(), term.before(), term.after()))
              .toList(),
          approval.askerHandle().value(),
          approval.consents().stream().map(Approval.Consent::handle).map(Handle::value).toList(),
          approval.missing(),
          approval.state().wireName(),
          approval.askedAt(),
          approval.until(),
          approval.endedAt(),
          approval.reason());
    }
  }
}
