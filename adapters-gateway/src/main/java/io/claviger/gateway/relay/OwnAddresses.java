package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.UploadLinks;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.RequestTarget;
import io.claviger.gateway.model.AddressFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the provider's URLs of stored objects with URLs of the gateway. The provider's URLs work
 * only with the provider's key, and a client that called them would reveal the caller's access
 * token to the provider.
 */
final class OwnAddresses {
  private final ProviderApi api;
  private final ObjectOperation operation;
  private final String service;
  private final Optional<UploadLinks> links;
  private final ByteBufAllocator buffers;

  private OwnAddresses(
      ProviderApi api,
      ObjectOperation operation,
      String service,
      Optional<UploadLinks> links,
      ByteBufAllocator buffers) {
    this.api = api;
    this.operation = operation;
    this.service = service;
    this.links = links;
    this.buffers = buffers;
  }

  /**
   * @param path the path below the service's endpoint
   * @return the object that replaces the URLs; null if answers for this path contain no such URLs
   */
  static @Nullable OwnAddresses of(
      AuthorizedCall authorized,
      ParsedCall parsed,
      String method,
      String path,
      Optional<UploadLinks> links,
      ByteBufAllocator buffers) {
    Optional<ObjectOperation> stating =
        authorized
            .standard()
            .objectOperation(method, path)
            .filter(each -> !each.addresses().isEmpty());
    return stating.isEmpty()
        ? null
        : new OwnAddresses(
            authorized.standard().format().api(),
            stating.get(),
            RequestTarget.pathOf(parsed.callee()),
            links,
            buffers);
  }

  /**
   * Returns the filter that replaces the URLs in an answer.
   *
   * @param id the id of the object that the answer describes; empty if the answer describes a new
   *     object or several objects
   */
  AddressFilter filter(Optional<String> id) {
    return new AddressFilter(operation.addresses(), address -> own(address, id), buffers);
  }

  /** Returns the filter that replaces the URLs in an answer for this path. */
  AddressFilter filter(String path) {
    return filter(
        Optional.of(operation)
            .filter(ObjectOperation::namesObject)
            .flatMap(each -> each.idsIn(path))
            .map(ids -> ids.getFirst()));
  }

  /**
   * Returns an answer about one object, with the gateway's URLs in place of the provider's.
   *
   * @throws CallRefused if a URL can't be replaced
   */
  String replaced(String json, String id) {
    AddressFilter filter = filter(Optional.of(id));
    ByteBuf passed = filter.pass(Unpooled.copiedBuffer(json, UTF_8));
    try {
      filter.end();
      return passed.toString(UTF_8);
    } finally {
      passed.release();
    }
  }

  /**
   * Returns the gateway's URL that takes the place of a provider's URL. The method uses only the
   * part of the provider's URL after the endpoint. The gateway never calls the host in the
   * provider's URL.
   */
  private String own(String address, Optional<String> id) {
    String path;
    try {
      path = Optional.ofNullable(URI.create(address).getRawPath()).orElse("");
    } catch (IllegalArgumentException unreadable) {
      throw unusable();
    }
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      String below = path.substring(at + 1);
      Optional<String> stated =
          api.storage()
              .find("GET", below)
              .filter(each -> each.kind() == operation.kind() && each.namesObject())
              .flatMap(each -> each.idsIn(below))
              .map(ids -> ids.getFirst());
      if (stated.isPresent() && links.isPresent() && (id.isEmpty() || id.equals(stated))) {
        return links.get().address(service + "/" + below);
      }
    }
    throw unusable();
  }

  private static CallRefused unusable() {
    return new CallRefused(CallError.PROVIDER_ANSWER_UNUSABLE);
  }
}
