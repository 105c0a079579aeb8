package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.RequestTarget;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * What the head of a request says, whether or not it could become a call. The head is read again
 * only when somebody asks.
 *
 * @param from where the request comes from, perhaps according to a trusted proxy
 */
record RequestedCall(HttpRequest head, CallerOrigin from, String requestId) {
  /** The address that the request comes from, as text. */
  String address() {
    return from.address();
  }

  String method() {
    return head.method().name();
  }

  /** Returns the path below the service or project. Of any other path, this is all of it. */
  String path() {
    return target()
        .filter(target -> target.path().startsWith("/"))
        .map(RequestTarget::below)
        .orElse("");
  }

  Optional<Instance.Ref> service() {
    return callee()
        .flatMap(
            callee ->
                callee instanceof CallTarget.Service service
                    ? Optional.of(service.ref())
                    : Optional.empty());
  }

  Optional<Project.Ref> project() {
    return callee()
        .flatMap(
            callee ->
                callee instanceof CallTarget.OfProject project
                    ? Optional.of(project.ref())
                    : Optional.empty());
  }

  private Optional<CallTarget> callee() {
    try {
      return target().filter(RequestTarget::namesCallee).map(RequestTarget::callee);
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private Optional<RequestTarget> target() {
    try {
      return Optional.of(RequestTarget.of(head.uri()));
    } catch (CallRefused malformed) {
      return Optional.empty();
    }
  }
}
