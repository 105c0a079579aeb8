/** Which tokens of other issuers are exchanged for access tokens of service accounts. */
@NullMarked
package io.claviger.domain.trusts;

import org.jspecify.annotations.NullMarked;
