package io.claviger.gateway.head;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.formats.ModelPath;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/**
 * What the head of a request says about the caller and the call. It is used only for requests whose
 * URL names no service.
 *
 * @param operation the path of the operation, as services with the format of the URL expect it
 */
public record ModelRequest(
    Credential credential, ModelUrl url, RequestTarget target, String operation) {
  private static final String MODELS = "models";

  /**
   * @param request the request; its framing has already been checked
   * @param operation the path of the operation, as services with the format of the URL expect it
   * @throws CallRefused if the request can't be the request of a call
   */
  public static ModelRequest of(
      HttpRequest request,
      RequestTarget target,
      ModelUrl url,
      String operation,
      long mostBodyBytes) {
    ParsedCall.checkHead(request, target, mostBodyBytes);
    return new ModelRequest(CredentialReader.read(request, target.query()), url, target, operation);
  }

  /** Whether the client requests the list of models or the description of one model. */
  public boolean asksForModels(HttpRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      return false;
    }
    String bare = url.bare();
    return bare.equals(MODELS)
        || bare.startsWith(MODELS + "/")
        || bare.equals(url.format().api().modelList().path());
  }

  /** The requested model; empty if the list of models is requested. */
  public String model() {
    String bare = url.bare();
    return !bare.startsWith(MODELS + "/") || bare.length() == MODELS.length() + 1
        ? ""
        : ModelPath.decoded(bare.substring(MODELS.length() + 1));
  }

  /** Returns the same request with another access token. */
  public ModelRequest with(TokenText token) {
    return new ModelRequest(new Credential(token, credential.asBearer()), url, target, operation);
  }

  public ParsedCall to(CallTarget callTarget, String path) {
    return new ParsedCall(credential, callTarget, target, path);
  }
}
