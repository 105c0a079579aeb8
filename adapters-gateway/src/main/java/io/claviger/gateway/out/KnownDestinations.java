package io.claviger.gateway.out;

import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.webhooks.port.WebhookDestinations;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressScope;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Tells whether the gateway may connect to an endpoint or a token URL, and whether Claviger may
 * deliver webhooks to a URL. The rules are the same as for calls to providers. Only IP addresses
 * and {@code localhost} are checked here. Other names are resolved and checked for each call.
 */
public final class KnownDestinations implements DestinationPolicy, WebhookDestinations {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final AddressPolicy policy;

  private KnownDestinations(AddressPolicy policy) {
    this.policy = policy;
  }

  public static KnownDestinations of(OutboundSettings settings) {
    return new KnownDestinations(OutboundTransport.policy(settings));
  }

  @Override
  public Reach judge(KeyedInstance instance, boolean withSecret) {
    Endpoint endpoint = instance.endpoint();
    AddressScope scope =
        new AddressScope(instance.isSystemLevel(), withSecret && !endpoint.isTls());
    return judge(new ProviderAddress(endpoint.isTls(), endpoint.host(), endpoint.port(), scope));
  }

  /** Applies the rules for sending a secret, because a token request contains a secret. */
  @Override
  public Reach judge(TokenUrl url, boolean systemLevel) {
    AddressScope scope = new AddressScope(systemLevel, !url.isTls());
    return judge(new ProviderAddress(url.isTls(), url.host(), url.port(), scope));
  }

  @Override
  public boolean refuse(WebhookUrl url) {
    ProviderAddress address =
        new ProviderAddress(true, url.host(), url.port(), AddressScope.OF_USERS);
    return judge(address) == Reach.NOT_ALLOWED;
  }

  private Reach judge(ProviderAddress target) {
    byte[] address =
        target.bareHost().equals("localhost")
            ? LOOPBACK
            : NetUtil.createByteArrayFromIpAddressString(target.bareHost());
    if (address == null) {
      return Reach.UNKNOWN;
    }
    return policy.permits(target.bareHost(), addressOf(address), target.port(), target.reach())
        ? Reach.ALLOWED
        : Reach.NOT_ALLOWED;
  }

  private static InetAddress addressOf(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the JDK does not accept the resolved address", e);
    }
  }
}
