package io.claviger.gateway.head;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.objects.UploadLinks;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the head of a request says about the caller and the call.
 *
 * @param credential the access token of the request; for a part of an upload, the token that began
 *     the upload
 * @param below the rest of the path after the name of the service or project, without a leading
 *     slash
 * @param upload the upload that the request continues; empty if the request continues no upload
 * @param companion the token that the caller sent with a part of an upload; may be empty, because a
 *     part needs no token
 */
public record ParsedCall(
    Credential credential,
    CallTarget callee,
    RequestTarget target,
    String below,
    Optional<UploadLinks.Upload> upload,
    Optional<TokenText> companion) {
  ParsedCall(Credential credential, CallTarget callee, RequestTarget target, String below) {
    this(credential, callee, target, below, Optional.empty(), Optional.empty());
  }

  /**
   * @param request the request, whose length has been found unambiguous
   * @param uploads the decoder of the addresses to which callers upload files; empty if the gateway
   *     gives out no such addresses
   * @throws CallRefused if the request can't be the request of a call
   */
  public static ParsedCall of(HttpRequest request, Optional<UploadLinks> uploads, BodySizes sizes) {
    // Only the service's format tells whether the request is an upload. RequestBody checks that.
    long mostBytes = sizes.most(true);
    ParsedCall known = RememberedRequest.call(request);
    if (known != null) {
      HeadGuard.checkDemands(request, mostBytes); // the body may have another length
      return known;
    }
    RequestTarget target = RequestTarget.of(request.uri());
    checkHead(request, target, mostBytes);
    if (!target.namesCallee()) {
      throw new CallRefused(CallError.NO_SUCH_PATH);
    }
    if (target.query().contains(UploadLinks.PARAMETER)) {
      return ofUpload(request, target, uploads);
    }
    Credential credential = CredentialReader.read(request, target.query());
    String below =
        HeadGuard.isWebSocketHandshake(request)
            ? WireFormat.operationOfSocket(target.below())
            : target.below();
    return RememberedRequest.keep(
        request, new ParsedCall(credential, callee(target), target, below));
  }

  private static ParsedCall ofUpload(
      HttpRequest request, RequestTarget target, Optional<UploadLinks> uploads) {
    List<String> sealed = QueryFilter.values(target.query(), UploadLinks.PARAMETER);
    UploadLinks.Upload upload =
        uploads
            .filter(links -> sealed.size() == 1)
            .flatMap(links -> links.read(sealed.getFirst(), target.path(), Instant.now()))
            .orElseThrow(() -> new CallRefused(CallError.UPLOAD_ENDED));
    return new ParsedCall(
        new Credential(TokenText.known(upload.token()), false),
        callee(target),
        target,
        target.below(),
        Optional.of(upload),
        CredentialReader.find(request.headers(), target.query())
            .map(Credential::token)
            .filter(token -> !token.hash().equals(upload.token())));
  }

  /** Returns the same call with another access token. */
  public ParsedCall with(TokenText token) {
    return new ParsedCall(
        new Credential(token, credential.asBearer()), callee, target, below, upload, companion);
  }

  /** Returns the same call with another path after the name of the service. */
  public ParsedCall at(String otherBelow) {
    return new ParsedCall(credential, callee, target, otherBelow, upload, companion);
  }

  static void checkHead(HttpRequest request, RequestTarget target, long maxBodyBytes) {
    if (HeadGuard.isWebSocketHandshake(request)) {
      SocketUse use =
          WireFormat.socketAt(target.below())
              .orElseThrow(() -> new CallRefused(CallError.NO_WEB_SOCKETS));
      WebSocketHandshake.check(request, use);
    }
    LoopGuard.check(request.headers());
    PathGuard.check(target.path(), target.beginOfBelow(), request.method().equals(HttpMethod.GET));
    HeadGuard.checkDemands(request, maxBodyBytes);
  }

  /** The path to which the call is sent, below the service's endpoint. */
  public String path(HttpRequest request, CallableStandard standard) {
    return standard.sentPathOf(request.method().name(), below).orElse(below);
  }

  private static CallTarget callee(RequestTarget target) {
    try {
      return target.callee();
    } catch (InvalidValue e) {
      throw new CallRefused(CallError.NOT_FOUND);
    }
  }

  /** Returns the format of errors for a caller who may not yet learn anything about the service. */
  public static WireFormat guessFormat(HttpRequest request) {
    try {
      RequestTarget target = RequestTarget.of(request.uri());
      Optional<ModelUrl> url = ModelUrl.of(target.path());
      if (url.isPresent()) {
        return url.get().format();
      }
      String below = target.path().startsWith("/") ? target.below() : target.path();
      return GuessedFormat.of(request, below, target.query());
    } catch (CallRefused malformed) {
      return WireFormat.USUAL;
    }
  }

  /**
   * Guesses from a request which API the client uses. Errors have this format until the caller may
   * know the service, because the service's own format would reveal something about the service.
   */
  private static final class GuessedFormat {
    private record Mark(AsciiString header, WireFormat format) {}

    private static final List<Mark> MARKS =
        Arrays.stream(WireFormat.values())
            .filter(format -> format != WireFormat.USUAL)
            .flatMap(
                format ->
                    format.api().typicalHeaders().stream()
                        .map(header -> new Mark(AsciiString.cached(header), format)))
            .toList();

    private GuessedFormat() {}

    /**
     * @param path the path after the name of the service or project, without a leading slash and
     *     without the query
     */
    static WireFormat of(HttpRequest request, String path, String query) {
      List<WireFormat> lending = new ArrayList<>();
      for (WireFormat format : WireFormat.values()) {
        if (format.api().lends(request.method().name(), format.api().pathWithoutPlace(path))) {
          lending.add(format);
        }
      }
      WireFormat usual = usual(request.headers(), QueryFilter.hasCredential(query));
      return lending.isEmpty() || lending.contains(usual) ? usual : lending.get(0);
    }

    private static WireFormat usual(HttpHeaders headers, boolean hasCredentialInQuery) {
      for (WireFormat format : WireFormat.values()) {
        if (hasCredentialInQuery && format.api().takesCredentialInQuery()) {
          return format;
        }
      }
      return MARKS.stream()
          .filter(mark -> headers.contains(mark.header()))
          .map(Mark::format)
          .findFirst()
          .orElse(WireFormat.USUAL);
    }
  }
}
