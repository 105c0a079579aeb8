/** The limits of users and groups in the REST API. */
@NullMarked
package io.claviger.web.limits;

import org.jspecify.annotations.NullMarked;
