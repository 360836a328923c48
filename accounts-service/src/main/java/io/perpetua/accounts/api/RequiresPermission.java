package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.admin.AdminPermission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which permission an administrator needs for the endpoint; checked by {@link AdminFilter}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresPermission {
    /** The permission. */
    AdminPermission value();
}
