package io.claviger.gateway.in;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuessedFormat;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/** Who calls what, as the head of a request says. */
public record ParsedCall(Credential credential, CallTarget callee, RequestTarget target) {

  /**
   * @param request whose framing was checked
   * @throws CallRefused when the request can't be a call
   */
  public static ParsedCall of(HttpRequest request, long maxBodyBytes) {
    RequestTarget target = RequestTarget.of(request.uri());
    LoopGuard.check(request.headers());
    PathGuard.check(target.path(), request.method().equals(HttpMethod.GET));
    HeadGuard.checkDemands(request, maxBodyBytes);
    if (!target.namesCallee()) {
      throw new CallRefused(CallError.NO_SUCH_PATH);
    }
    Credential credential = CredentialReader.read(request.headers(), target.query());
    return new ParsedCall(credential, callee(target), target);
  }

  /** The path that the call is sent to, below the service's endpoint. */
  public String path(HttpRequest request, CallableStandard standard) {
    String below = target.below();
    return standard.pathOf(request.method().name(), below).orElse(below);
  }

  private static CallTarget callee(RequestTarget target) {
    try {
      return target.callee();
    } catch (InvalidValue e) {
      throw new CallRefused(CallError.NOT_FOUND);
    }
  }

  /** The format for errors as long as the caller may learn nothing of the service. */
  public static WireFormat guessFormat(HttpRequest request) {
    try {
      RequestTarget target = RequestTarget.of(request.uri());
      String below = target.path().startsWith("/") ? target.below() : target.path();
      GuessedFormat.Credential credential =
          CredentialReader.carrier(request.headers(), target.query());
      return GuessedFormat.of(request.method().name(), below, credential);
    } catch (CallRefused malformed) {
      return WireFormat.OPENAI;
    }
  }
}
