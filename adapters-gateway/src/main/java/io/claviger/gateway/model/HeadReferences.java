package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.head.QueryFilter;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Searches the path and the query of a call for references to objects at the provider. If the call
 * is an operation on a stored object, its path or a parameter contains the object's name. The
 * search ignores this name, because it is checked separately.
 */
public final class HeadReferences {
  private HeadReferences() {}

  /**
   * @param path the path after the name of the service or project
   * @param query the query as the gateway sends it to the provider
   * @throws CallRefused if the call refers to an object and has to be isolated from other people's
   *     calls
   */
  public static void demandNone(AuthorizedCall call, String method, String path, String query) {
    ProviderApi api = call.standard().format().api();
    if (call.isolation().isEmpty()) {
      return;
    }
    FoundReferences found = new FoundReferences(api.objectPlaces());
    Optional<ObjectOperation> checked =
        api.storage()
            .find(method, path)
            .filter(HeadReferences::isChecked)
            .filter(each -> call.isolation().filter(own -> own.lends(each.kind())).isPresent());
    if (checked.isEmpty()) {
      Optional<ModelPath> named = api.modelPath(path).filter(ModelPath::isSegment);
      if (named.isPresent()) {
        findInModel(api, named.get().model(), found);
      } else {
        findIn(path, found);
      }
      findInQuery(query, found);
    } else if (checked.get().effect() != ObjectOperation.Effect.LIST) {
      findInQuery(QueryFilter.without(query, checked.get().query()), found);
      demandNothingShown(api, call.isolation().get(), query);
    }
    ReferenceErrors.demandLent(found.all(), Isolation.STORING_NOTHING, call.service());
  }

  /**
   * @throws CallRefused if the answer would show the content of objects from an earlier request,
   *     because the caller might not be permitted to read this content
   */
  private static void demandNothingShown(ProviderApi api, Isolation isolation, String query) {
    boolean ownsAccount = isolation.caller().filter(ObjectCaller::ownsAccount).isPresent();
    if (!ownsAccount
        && Stream.of("include", "include[]")
            .flatMap(name -> QueryFilter.values(query, name).stream())
            .map(QueryFilter::decoded)
            .anyMatch(api::showsContent)) {
      throw new CallRefused(ReferenceErrors.SHOWS_CONTENT);
    }
  }

  /**
   * Searches the name of a model for a reference. A name that is neither a model nor a known
   * reference counts as ambiguous.
   */
  private static void findInModel(ProviderApi api, String name, FoundReferences found) {
    if (!api.isModel(name)) {
      found.unknown(name);
      found.demand(!found.all().equals(RequestedObjects.NONE));
    }
  }

  private static void findIn(String path, FoundReferences found) {
    found.unknown(path);
    int from = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.charAt(i) == '/' || path.charAt(i) == ':') {
        found.encoded(path.substring(from, i));
        from = i + 1;
      }
    }
  }

  private static void findInQuery(String query, FoundReferences found) {
    if (!query.isEmpty()) {
      FieldReferenceScan fields = new FieldReferenceScan(found);
      byte[] bytes = query.getBytes(UTF_8);
      fields.read(bytes, 0, bytes.length);
      fields.complete();
    }
  }

  private static boolean isChecked(ObjectOperation operation) {
    return operation.namesObject() || operation.effect() == ObjectOperation.Effect.LIST;
  }
}
