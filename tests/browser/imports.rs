//! Customers from a file, from the choice of the file to the last row mended.

use crate::accessibility::{assert_none, look};
use crate::support::with_desk;
use std::fs;
use std::path::PathBuf;

const FILE: &str = "Vorname;Nachname;Telefon;E-Mail\n\
                    Ana;Silva;0170 5550101;ana@example.org\n\
                    Ben;Braun;12;ben@example.org\n\
                    Cleo;Costa;0170 5550101;\n";

/// A file on the disk of whoever sits before the browser.
struct OnDisk(PathBuf);

impl OnDisk {
    fn new(content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("people-{}.csv", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[actix_web::test]
async fn a_file_is_brought_its_columns_chosen_and_its_faulty_rows_mended() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let file = OnDisk::new(FILE);
        let admin = desk.signed_in("admin@acme.test").await;
        let mut findings = Vec::new();
        admin.goto("/customers/imports").await;
        look(&admin, "imports-none", &mut findings).await;
        admin.click(".empty-state .btn-primary").await;
        admin.sees("#field_file").await.send_keys(file.0.to_str().unwrap()).await.unwrap();
        admin.click(".form-foot .btn-primary").await;

        admin.reads("h1", "What are the columns?").await;
        look(&admin, "import-columns", &mut findings).await;
        assert_eq!(admin.evaluate("document.getElementById('field_column.2').value").await, "phone");
        admin.fill("#field_region", "DE").await;
        admin.click(".import-choices .btn-primary").await;
        admin.reads(".import-steps .btn-primary", "Import 1 customer").await;
        look(&admin, "import-checked", &mut findings).await;

        admin.click_on(".import-steps .btn", "Mend faulty rows").await;
        admin.reads("#row_4 .field-error", "Row 2 has the same phone already.").await;
        look(&admin, "import-rows", &mut findings).await;
        admin.fill("#cell_3_2", "0170 5").await;
        admin.click("#row_3 .btn-primary").await;
        admin.reads("#row_3 .field-error", "no phone number").await;
        admin.fill("#cell_3_2", "0170 5550102").await;
        admin.click("#row_3 .btn-primary").await;
        admin.misses("#row_3").await;
        admin.click_on("#row_4 .btn", "Leave out").await;
        admin.reads("#row_list h2", "Nothing to mend here").await;
        admin.click("#row_list .btn-primary").await;

        admin.click(".import-steps .btn-primary").await;
        admin.reads("dialog[open]", "2 are created.").await;
        admin.click("dialog[open] .btn-primary").await;
        admin.reads(".page-head .state", "Done").await;
        admin.reads(".stats", "Created").await;
        look(&admin, "import-done", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}
