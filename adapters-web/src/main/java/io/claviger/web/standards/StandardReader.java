package io.claviger.web.standards;

import io.claviger.application.standards.Standards;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a whole API standard. Absent fields get the default values of its format. */
final class StandardReader {
  static final List<String> READ_ONLY = List.of("handle");

  private StandardReader() {}

  /**
   * Reads a standard. Call the result only after {@link JsonObject#rejectUnread}, when all fields
   * are known to be valid.
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
            "Say how a key travels; none for no key.");
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
