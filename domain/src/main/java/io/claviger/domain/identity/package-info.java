/** People and groups of an identity provider. */
@NullMarked
package io.claviger.domain.identity;

import org.jspecify.annotations.NullMarked;
