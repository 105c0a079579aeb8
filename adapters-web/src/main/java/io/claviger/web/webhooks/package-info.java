/** HTTP routes for users' webhooks. A secret is shown once, by the write that made it. */
@NullMarked
package io.claviger.web.webhooks;

import org.jspecify.annotations.NullMarked;
