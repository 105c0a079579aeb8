package io.claviger.web.server;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Identifies the caller of a request by the access token, and finds the caller's address. */
final class Caller {
  /** The request attribute with the caller's handle for the log. */
  static final String ATTRIBUTE = "io.claviger.user";

  /** The request attribute that contains the result of {@link #origin}. */
  private static final String ORIGIN = "io.claviger.origin";

  /** The request attribute with the caller's TLS certificates. */
  private static final String SHOWN = "jakarta.servlet.request.X509Certificate";

  /**
   * The request attribute that marks requests within a rate limit. At level {@code info}, only
   * requests within a rate limit are logged.
   */
  static final String COUNTED = "io.claviger.counted";

  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

  private static final Set<HandlerType> WITH_BODY =
      Set.of(HandlerType.POST, HandlerType.PUT, HandlerType.PATCH);

  private static final Problem BAD_TOKEN = Problems.unauthorized(true);

  private final AccessTokens tokens;
  private final CallerOrigins origins;
  private final RequestRates rates;
  private final Places places;

  Caller(AccessTokens tokens, CallerOrigins origins, RequestRates rates, Places places) {
    this.tokens = tokens;
    this.places = places;
    this.origins = origins;
    this.rates = rates;
  }

  /**
   * Waits until the request of an authenticated caller may be answered. Returns the request with
   * its body.
   *
   * @param parameters the names of the accepted query parameters
   * @throws ProblemException if the caller is not authenticated or makes too many requests, or if
   *     the body is too large or incomplete
   */
  ApiCall of(Context ctx, Set<String> parameters) {
    Optional<TokenText> presented = BearerToken.of(ctx);
    if (presented.isEmpty()) {
      countUnknown(ctx);
      throw new ProblemException(Problems.unauthorized(false));
    }
    return known(ctx, presented.get(), parameters);
  }

  private AccessTokens.Authentication.Authenticated authenticated(Context ctx, TokenText token) {
    String requestId = ApiCall.requestId(ctx);
    return switch (READING.contains(ctx.method())
        ? tokens.authenticateForReading(token, origin(ctx), requestId)
        : tokens.authenticate(token, origin(ctx), requestId)) {
      case AccessTokens.Authentication.Authenticated known -> known;
      case AccessTokens.Authentication.Barred barred ->
          throw new ProblemException(Problems.barred(barred.why()));
      case AccessTokens.Authentication.Rejected rejected ->
          throw new ProblemException(refusal(ctx, rejected));
    };
  }

  /**
   * Counts a request against the limit of the address from which it comes. Called if the caller is
   * unknown, or if the answer does not depend on the caller. Liveness requests are never refused,
   * because a supervisor might restart a process that refuses them.
   *
   * @throws ProblemException if too many requests come from the address
   */
  void countUnknown(Context ctx) {
    if (ctx.path().equals("/health/live")) {
      return;
    }
    AddressBlock block = AddressBlock.of(origin(ctx).address());
    demandRate(
        ctx, ctx.path().equals("/health/ready") ? rates.countProbe(block) : rates.count(block));
  }

  /**
   * Counts a request that each address may make only rarely.
   *
   * @throws ProblemException if too many such requests come from the address
   */
  void countRare(Context ctx, AddressBlock address, int perMinute) {
    demandRate(ctx, rates.countRare(address, perMinute));
  }

  /** Returns a request from any caller. The request has not been counted against any limit. */
  OpenCall anyone(Context ctx) {
    return new OpenCall(ctx, origin(ctx), this);
  }

  /**
   * Counts a request of a program that is not a user, receives the request's body, and waits until
   * the request may be answered.
   *
   * @param program the id of the program
   * @param demand an action that throws an exception if the program may no longer read a list
   */
  ProgramCall program(Context ctx, String name, UUID program, Runnable demand) {
    ctx.attribute(ATTRIBUTE, name);
    demandRate(ctx, rates.count(new User.Id(program)));
    ReceivedBody body = ReceivedBody.none();
    if (WITH_BODY.contains(ctx.method())) {
      body = places.enterWithBody(ctx, program);
    } else {
      places.enter(ctx, program);
    }
    return new ProgramCall(ctx, body, () -> places.enterList(ctx, program), demand);
  }

  /**
   * Receives the form of an unknown caller, and waits until the request may be answered.
   *
   * @param largest the maximum number of bytes in the form
   */
  ReceivedBody form(Context ctx, String address, int largest) {
    return places.enterWithForm(ctx, AddressBlock.of(address), largest);
  }

  /** Counts a user's request for a page, and waits until the request may be answered. */
  Places.PagePlace page(Context ctx, Actor user) {
    ctx.attribute(ATTRIBUTE, user.handle().value());
    demandRate(ctx, rates.count(user.id()));
    return places.enterPage(ctx, user.id().value(), WITH_BODY.contains(ctx.method()));
  }

  private static void demandRate(Context ctx, Optional<Duration> wait) {
    if (wait.isPresent()) {
      throw new ProblemException(Problems.rateLimited(wait.get()));
    }
    ctx.attribute(COUNTED, true);
  }

  /** Finds out where a request comes from. The origin is determined only once for each request. */
  private CallerOrigin origin(Context ctx) {
    CallerOrigin known = ctx.attribute(ORIGIN);
    if (known == null) {
      known =
          origins
              .of(peer(ctx), name -> Collections.list(ctx.req().getHeaders(name)))
              .orElseThrow(() -> new ProblemException(Problems.CERTIFICATE_UNCLEAR));
      ctx.attribute(ORIGIN, known);
    }
    return known;
  }

  private static CallerOrigin peer(Context ctx) {
    String address = ctx.req().getRemoteAddr();
    Optional<CertificateThumbprint> shown = Optional.empty();
    if (ctx.req().getAttribute(SHOWN) instanceof X509Certificate[] chain && chain.length > 0) {
      try {
        shown = Optional.of(CertificateThumbprint.of(chain[0].getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a received certificate can't be encoded", e);
      }
    }
    return new CallerOrigin(address, shown);
  }

  private static Problem refusal(Context ctx, AccessTokens.Authentication.Rejected rejected) {
    if (rejected.retryAfter().isPresent()) {
      return Problems.tooManyBadTokens(rejected.retryAfter().get());
    }
    ctx.attribute(COUNTED, true);
    return BAD_TOKEN;
  }

  /**
   * Authenticates the caller of a change again when the body has arrived. The caller decides how
   * long the body takes to arrive, and might have lost the token or rights in the meantime.
   */
  private ApiCall known(Context ctx, TokenText token, Set<String> parameters) {
    AccessTokens.Authentication.Authenticated known = authenticated(ctx, token);
    Actor actor = known.actor();
    ctx.attribute(ATTRIBUTE, actor.handle().value());
    demandRate(ctx, rates.count(actor.id()));
    UUID caller = known.responsible().map(Responsible::uuid).orElse(actor.id().value());
    ReceivedBody body = ReceivedBody.none();
    if (WITH_BODY.contains(ctx.method())) {
      body = places.enterWithBody(ctx, caller);
    } else {
      places.enter(ctx, caller);
    }
    if (!READING.contains(ctx.method())) {
      actor = authenticated(ctx, token).actor();
    }
    Actor began = actor;
    return new ApiCall(
        ctx,
        actor,
        Query.of(ctx.queryString(), parameters),
        body,
        () -> enterList(ctx, token, began, caller));
  }

  /**
   * Waits until the caller may read a list, or the next part of a file. The caller might have lost
   * the token or rights while the request waited, or while the earlier parts were sent.
   *
   * @return an action that frees the caller's place
   */
  private Runnable enterList(Context ctx, TokenText token, Actor began, UUID caller) {
    Runnable read = places.enterList(ctx, caller);
    boolean permitted = false;
    try {
      permitted = authenticated(ctx, token).actor().hasRightsOf(began);
    } finally {
      if (!permitted) {
        read.run();
      }
    }
    if (!permitted) {
      throw RefusedException.forbidden("You are no longer an administrator.");
    }
    return read;
  }
}
