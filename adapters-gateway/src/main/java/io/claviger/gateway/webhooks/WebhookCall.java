package io.claviger.gateway.webhooks;

import io.claviger.domain.accounts.User;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.gateway.egress.AddressScope;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.OutboundCall;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * An attempt to deliver a message to a webhook. The attempt ends when the head of the answer has
 * arrived. The status of the answer decides whether the attempt has succeeded.
 */
final class WebhookCall extends OutboundCall<Optional<DeliveryFailure>> {
  /**
   * The rules for the addresses of users' services also apply to the webhook's address. The request
   * needs no other protection than TLS, because its signature is no secret.
   */
  private static final AddressScope SCOPE = AddressScope.OF_USERS;

  private final WebhookRequest request;

  WebhookCall(WebhookRequest request, User.Id owner, Duration limit) {
    super(
        new ProviderAddress(true, request.url().host(), request.url().port(), SCOPE), owner, limit);
    this.request = request;
  }

  @Override
  protected void send(ProviderConnection opened) {
    ChannelFuture unused = opened.write(request.buffer());
    opened.requestComplete();
    opened.flush();
  }

  @Override
  public void refused(CallError why) {
    fail(
        why.code().equals(CallError.DESTINATION_NOT_ALLOWED.code())
            ? DeliveryFailure.ADDRESS_NOT_ALLOWED
            : DeliveryFailure.UNREACHABLE);
  }

  @Override
  public void answered(HttpResponse head) {
    int status = head.status().code();
    end(status >= 200 && status < 300 ? Optional.empty() : Optional.of(DeliveryFailure.REJECTED));
  }

  /** Discards the content, because the body of the answer is not read. */
  @Override
  public void content(ByteBuf content) {
    content.release();
  }

  @Override
  public void answerEnded() {}

  @Override
  public void silent() {
    fail(DeliveryFailure.TIMED_OUT);
  }

  @Override
  public void malformed() {
    fail(DeliveryFailure.REJECTED);
  }

  @Override
  protected void giveUp() {
    fail(DeliveryFailure.UNREACHABLE);
  }

  private void fail(DeliveryFailure why) {
    end(Optional.of(why));
  }
}
