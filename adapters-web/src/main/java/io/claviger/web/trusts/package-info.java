/** HTTP routes for trusted issuers and for the trusts of service accounts. */
@NullMarked
package io.claviger.web.trusts;

import org.jspecify.annotations.NullMarked;
