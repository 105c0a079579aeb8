/** Users' own keys for services: storing, replacing and deleting them. */
@NullMarked
package io.claviger.application.userkeys;

import org.jspecify.annotations.NullMarked;
