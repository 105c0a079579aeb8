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
 * Finds the fields of a body that identify the caller, and those that say whether the provider
 * stores the result. The fields are written anew for each service to which the body is sent,
 * because each service has its own names for the caller.
 */
public sealed interface CallerScan extends BodyPart
    permits CallerFieldScan, CallerFormScan, CallerFieldsInUrlForm {
  /**
   * Returns the changes to the body that make it fit to be sent to a service.
   *
   * @param names the names under which the caller is known at the service
   * @param service the name of the service; if a project is called, the name of the project
   * @param reasons tells whether the called model is known to reason; called only if the result
   *     matters
   * @throws CallRefused if the body can't be sent to a service with whose key other people call too
   */
  BodyEdits edits(CallerNames names, Isolation isolation, String service, BooleanSupplier reasons);

  /** Called if all members of the outermost object are removed. */
  default void nothingRemains() {}

  /**
   * Whether and how the provider stores the result if it gets the edited body; empty if the edited
   * body does not say whether to store the result.
   */
  Optional<ResultStorage> storage(CallerNames names, Isolation isolation);

  /** Whether the provider stores its answer, according to the edited body. */
  enum ResultStorage {
    NONE,
    LENT
  }

  /**
   * Returns the fields that the gateway writes into a buffered body. A form that is not buffered
   * for another reason has no such fields. Such a form is forwarded unbuffered, while {@link
   * PassingForm} reads the form.
   *
   * @param path the path after the part of the URL that names the service
   */
  static CallerFields fields(
      AuthorizedCall call, HttpRequest request, String path, boolean mayStream) {
    CallerFields fields = fields(call, request, path);
    if (fields.isEmpty() || !mayStream) {
      return fields;
    }
    return SeparatedBody.isForm(request) ? CallerFields.NONE : fields;
  }

  /** Returns the scan of a body while the service to which it goes is not known yet. */
  static @Nullable CallerScan ofHeld(ProviderApi api, String path, BodyType type) {
    CallerFields fields = api.callerFields(path);
    return of(fields, api, path, type);
  }

  /**
   * Returns the scan of a body of this type.
   *
   * @return null if there are no fields to write
   * @throws CallRefused if there are fields to write and the body can't be read
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

  /**
   * The fields that are written into a body of this call; none if the call uses the caller's own
   * key.
   */
  static CallerFields fields(AuthorizedCall call, HttpRequest request, String path) {
    if (call.names().isEmpty() || request.method().equals(HttpMethod.GET)) {
      return CallerFields.NONE;
    }
    CallerFields fields = call.standard().format().api().callerFields(path);
    return fields.concern(call.names().get().rules()) ? fields : CallerFields.NONE;
  }
}
