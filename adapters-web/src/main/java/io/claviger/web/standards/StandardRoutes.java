package io.claviger.web.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.Standards;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    return CurrentState.of(
        standards.find(actor, handle),
        StandardJson::of,
        ApiStandard::version,
        Map.of("handle", handle.value()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        standards.delete(call.actor(), call.handle("handle"), call.precondition()));
    call.noContent();
  }

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

  /**
   * Reads an API standard from the body of a request. An absent field has the default value of the
   * wire format.
   */
  private static final class StandardReader {
    static final List<String> READ_ONLY = List.of("handle");

    private StandardReader() {}

    /**
     * Reads a standard. Call the returned supplier only after {@link JsonObject#rejectUnread} has
     * found all fields valid.
     */
    static Supplier<Standards.StandardContent> read(JsonObject fields, Handle handle) {
      Field<Description> description =
          fields.value("description", JsonConverter.text(Description::new));
      Field<WireFormat> format = fields.value("format", JsonConverter.text(WireFormat::of));
      Optional<KeyPlacement> placement = placement(fields);
      Field<List<Operation>> operations =
          fields.value("operations", JsonConverter.listOf(JsonConverter.text(Operation::new)));
      Field<List<RequestHeader>> headers =
          fields.value(
              "request_headers", JsonConverter.listOf(JsonConverter.text(RequestHeader::new)));
      Field<List<ResponseHeader>> responseHeaders =
          fields.value(
              "response_headers", JsonConverter.listOf(JsonConverter.text(ResponseHeader::new)));
      Field<List<String>> parameters =
          fields.value("query_parameters", JsonConverter.listOf(JsonConverter.text(name -> name)));
      return () -> {
        WireFormat spoken = format.or(WireFormat.USUAL);
        return new Standards.StandardContent(
            handle,
            description.or(Description.NONE),
            spoken,
            placement.orElseThrow(),
            operations.or(spoken.operations()),
            headers.or(spoken.requestHeaders()),
            responseHeaders.or(spoken.responseHeaders()),
            parameters.or(spoken.queryParameters()));
      };
    }

    private static Optional<KeyPlacement> placement(JsonObject fields) {
      Field<KeyMethod> method =
          fields.required(
              "key_method",
              JsonConverter.text(KeyMethod::of),
              "State how the key is sent, or 'none' if there is no key.");
      Field<String> field = fields.nullable("key_field", JsonConverter.text(name -> name));
      return method
          .given()
          .flatMap(
              m ->
                  fields
                      .location("key_field")
                      .attempt(() -> new KeyPlacement(m, field.given().orElse(whenAbsent(m)))));
    }

    private static String whenAbsent(KeyMethod method) {
      return method == KeyMethod.AUTH_BEARER ? KeyPlacement.BEARER.field() : "";
    }
  }
}
