package io.claviger.web.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.Standards;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /v1/api-standards}. */
public final class StandardRoutes implements RouteGroup {
  private final Standards standards;

  public StandardRoutes(Standards standards) {
    this.standards = standards;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/api-standards").get(this::list, "limit", "cursor");
    routes.at("/v1/api-standards/{handle}").get(this::show).put(this::save).delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        standards.list(call.actor(), call.page(CursorFormat.HANDLE)),
        CursorFormat.HANDLE,
        StandardJson::of);
  }

  private void show(ApiCall call) {
    ApiStandard standard = Problems.valueOf(standards.find(call.actor(), call.handle("handle")));
    call.shown(StandardJson.of(standard), standard.version());
  }

  private void save(ApiCall call) {
    Handle handle = call.newHandle("handle");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<Standards.StandardContent> content = StandardReader.read(fields, handle);
      Precondition precondition =
          call.done(fields, StandardReader.READ_ONLY, () -> current(call.actor(), handle));
      Standards.SavedStandard saved =
          Problems.valueOf(standards.save(call.actor(), precondition, content.get()));
      call.written(saved.created(), StandardJson.of(saved.standard()));
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    return switch (standards.find(actor, handle)) {
      case Outcome.Done<ApiStandard> found ->
          CurrentState.of(StandardJson.of(found.value()), found.value().version());
      case Outcome.Refused<ApiStandard> refused -> CurrentState.nothing(new Named(handle.value()));
    };
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        standards.delete(call.actor(), call.handle("handle"), call.precondition()));
    call.noContent();
  }

  private record Named(String handle) {}

  /** An API standard as the API shows it. */
  record StandardJson(
      String handle,
      String description,
      String format,
      String keyMethod,
      Optional<String> keyField,
      List<String> operations,
      List<String> requestHeaders,
      List<String> responseHeaders,
      List<String> queryParameters,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    static StandardJson of(ApiStandard standard) {
      return new StandardJson(
          standard.handle().value(),
          standard.description().value(),
          standard.format().wireName(),
          standard.placement().method().wireName(),
          standard.placement().shownField(),
          standard.operations().stream().map(Operation::value).toList(),
          standard.requestHeaders().stream().map(RequestHeader::value).toList(),
          standard.responseHeaders().stream().map(ResponseHeader::value).toList(),
          standard.queryParameters(),
          standard.version(),
          standard.createdAt(),
          standard.updatedAt());
    }
  }
}
