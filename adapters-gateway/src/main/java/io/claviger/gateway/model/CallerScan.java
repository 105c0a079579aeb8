package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a body that identify the caller or control whether the provider stores the
 * result. The gateway writes these fields again for each service that gets the body, because the
 * caller has a different name at each service.
 */
public sealed interface CallerScan extends BodyPart
    permits CallerFieldScan, CallerFormScan, CallerFieldsInUrlForm {
  /**
   * Returns the edits that adapt the body to a service.
   *
   * @param names the names by which the provider of the service knows the caller
   * @param service the name of the service; if a project is called, the name of the project
   * @param reasons a function that says whether the model is known to reason; it is called only if
   *     needed
   * @throws CallRefused if the body must not be sent with a key that other people use, too
   */
  BodyEdits edits(CallerNames names, Isolation isolation, String service, BooleanSupplier reasons);

  /** Whether the caller's own {@code include} requests further parts of the answer. */
  default boolean requestsMore() {
    return false;
  }

  /** Whether the body requests an answer in the background, which the caller fetches later. */
  default boolean isBackground() {
    return false;
  }

  /** Called if the gateway removes all top-level members from the body. */
  default void nothingRemains() {}

  /**
   * Whether and how the provider stores the result if it gets the edited body; empty if the edited
   * body does not say.
   */
  Optional<ResultStorage> storage(CallerNames names, Isolation isolation);

  /** Whether the provider stores the result. */
  enum ResultStorage {
    NONE,
    LENT
  }

  /**
   * Returns the fields that the gateway writes into a buffered body of the call. If the body is a
   * form and the gateway has no other reason to buffer it, the result is empty, and the gateway
   * forwards the form unbuffered while {@link PassingForm} reads it.
   *
   * @param path the path after the name of the service or project
   */
  static CallerFields fields(
      AuthorizedCall call, HttpRequest request, String path, boolean mayStream) {
    CallerFields fields = fields(call, request, path);
    if (fields.isEmpty() || !mayStream) {
      return fields;
    }
    return SeparatedBody.isForm(request) ? CallerFields.NONE : fields;
  }

  /** Returns the scan of a body whose service is not yet known. */
  static @Nullable CallerScan ofHeld(ProviderApi api, String path, BodyType type) {
    CallerFields fields = api.callerFields(path);
    return of(fields, api, path, type);
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @return null if there are no fields to write
   * @throws CallRefused if there are fields to write, but the body is unreadable
   */
  static @Nullable CallerScan of(CallerFields fields, ProviderApi api, String path, BodyType type) {
    if (fields.isEmpty()) {
      return null;
    }
    if (type.isEncoded()) {
      throw new CallRefused(ReferenceErrors.ENCODED);
    }
    Optional<String> boundary = type.boundaryIfPlain();
    if (boundary.isPresent()) {
      return new CallerFormScan(fields, boundary.get());
    }
    if (type.mayBeJson()) {
      return new CallerFieldScan(fields, api, path);
    }
    if (type.isFields()) {
      return new CallerFieldsInUrlForm(fields);
    }
    throw new CallRefused(CallError.CALLER_NOT_READABLE);
  }

  /** The fields to write into the body of a call; none if the call uses the caller's own key. */
  static CallerFields fields(AuthorizedCall call, HttpRequest request, String path) {
    if (call.names().isEmpty() || request.method().equals(HttpMethod.GET)) {
      return CallerFields.NONE;
    }
    CallerFields fields = call.standard().format().api().callerFields(path);
    return fields.concern(call.names().get().rules()) ? fields : CallerFields.NONE;
  }
}
