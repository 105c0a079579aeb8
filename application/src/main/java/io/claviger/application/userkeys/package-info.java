/** Users' own API keys for services. */
@NullMarked
package io.claviger.application.userkeys;

import org.jspecify.annotations.NullMarked;
